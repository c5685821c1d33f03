# SPDX-License-Identifier: Apache-2.0
"""How several verdicts become one."""

from itertools import permutations

import pytest

from metrology.verdict import Verdict, worst


def test_nothing_judged_is_never_a_pass() -> None:
    assert worst([]) is Verdict.UNSET
    assert worst([Verdict.PASS, Verdict.UNSET]) is Verdict.UNSET


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Verdict.PASS, Verdict.UNSET),
        (Verdict.UNSET, Verdict.INCONCLUSIVE),
        (Verdict.INCONCLUSIVE, Verdict.BLOCKED),
        (Verdict.BLOCKED, Verdict.FAIL),
    ],
)
def test_the_worse_of_two_speaks_for_both(better: Verdict, worse: Verdict) -> None:
    assert {worst(pair) for pair in permutations([better, worse])} == {worse}


def test_only_passes_make_a_pass() -> None:
    assert worst([Verdict.PASS, Verdict.PASS]) is Verdict.PASS
