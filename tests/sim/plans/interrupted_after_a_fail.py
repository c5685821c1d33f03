# SPDX-License-Identifier: Apache-2.0
"""A plan in which somebody ends the run after a FAIL was judged; see test_told_everywhere.py."""

from tests.sim.plans.told_everywhere import Judge, judge, once

__all__ = ["judge", "test_interrupted"]


@once
def test_interrupted(judge: Judge) -> None:
    judge(2.0)
    raise KeyboardInterrupt
