# SPDX-License-Identifier: Apache-2.0
"""A plan that kinks the catheter; on a twin whose clamp sticks, the bench cannot be put back."""

from collections.abc import Callable

import pytest

from bench.injectors import Catheter
from bench.therapy import Continuous
from test_plans.criteria import answered_as_promised
from test_plans.markers import judges

GOOD = "the pump is good"
is_good = judges((), GOOD, answered_as_promised)


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Callable[[bool], None]:
    """Asked for here, an infusion declares nothing of its own: none is made."""
    infusion = request.getfixturevalue("infusion")(Continuous(1000.0))

    def judge(good: bool) -> None:
        infusion.judge_that(GOOD, good, "as the plan says")

    return judge


@is_good
@pytest.mark.parametrize("good", [True, False])
def test_before(judge: Callable[[bool], None], good: bool) -> None:
    judge(good)


@is_good
def test_kink(judge: Callable[[bool], None], catheter: Catheter) -> None:
    with catheter.kinked():
        judge(True)


@is_good
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.usefixtures("number")
def test_after(judge: Callable[[bool], None]) -> None:
    judge(True)
