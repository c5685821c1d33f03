# SPDX-License-Identifier: Apache-2.0
"""A run that is over, read from its journal, and held against itself: what it says must follow from what it holds."""

from bench.recorded.bench_time import BenchTime
from bench.recorded.contradiction import Contradiction
from bench.recorded.recorded_run import WORKER_DIED, RecordedRun, RecordedTest, missing_of
from bench.recorded.run_check import MANY_JUDGEMENTS, contradictions, refuse_contradictions, told

__all__ = [
    "MANY_JUDGEMENTS",
    "WORKER_DIED",
    "BenchTime",
    "Contradiction",
    "RecordedRun",
    "RecordedTest",
    "contradictions",
    "missing_of",
    "refuse_contradictions",
    "told",
]
