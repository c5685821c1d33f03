# SPDX-License-Identifier: Apache-2.0
"""A run that is over, read from its journal, and held against itself: what it says must follow from what it holds."""

from bench.recorded.bench_time import BenchTime
from bench.recorded.contradiction import Contradiction
from bench.recorded.recorded_run import RecordedRun, RecordedTest, missing_of
from bench.recorded.run_check import refuse_contradictions

__all__ = ["BenchTime", "Contradiction", "RecordedRun", "RecordedTest", "missing_of", "refuse_contradictions"]
