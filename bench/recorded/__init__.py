# SPDX-License-Identifier: Apache-2.0
"""A run that is over, read from its journal, and held against itself: what it says must follow from what it holds."""

from bench.recorded.recorded_run import RecordedRun, RecordedTest, missing_of

__all__ = ["RecordedRun", "RecordedTest", "missing_of"]
