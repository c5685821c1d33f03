# SPDX-License-Identifier: Apache-2.0
"""A plan that kinks the catheter; on a twin whose clamp sticks, the bench cannot be put back."""

import pytest

from bench.injectors import Catheter
from bench.therapy import Continuous
from fixtures.public import InfusionFactory


@pytest.mark.parametrize("good", [True, False])
def test_before(infusion: InfusionFactory, good: bool) -> None:
    infusion(Continuous(1000.0)).judge_that("the pump is good", good, "as the plan says")


def test_kink(infusion: InfusionFactory, catheter: Catheter) -> None:
    with catheter.kinked():
        infusion(Continuous(1000.0)).judge_that("the pump is good", True, "as the plan says")


@pytest.mark.parametrize("number", [1, 2])
def test_after(infusion: InfusionFactory, number: int) -> None:
    infusion(Continuous(1000.0)).judge_that(f"the pump is good {number}", True, "as the plan says")
