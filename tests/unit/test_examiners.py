# SPDX-License-Identifier: Apache-2.0
"""Every standing judgement that is examined has its examiner, and every examiner its requirement."""

import tomllib
from pathlib import Path

from bench.acceptance import OCCASIONAL, Standing
from bench.acceptance.standing import EXAMINED
from bench.account import EXAMINERS

REQUIREMENTS = Path(__file__).parents[2] / "test_plans" / "requirements.toml"


def test_what_is_declared_as_examined_always_or_on_occasion_has_an_examiner_and_nothing_else_has() -> None:
    assert set(EXAMINERS) == {*EXAMINED, *OCCASIONAL}


def test_every_standing_judgement_is_bound_to_a_requirement_of_the_baseline() -> None:
    baseline = tomllib.loads(REQUIREMENTS.read_text(encoding="utf-8"))
    known = {one["id"] for one in baseline["requirement"]}
    assert set(baseline["standing"]) == set(Standing)
    assert {name for ids in baseline["standing"].values() for name in ids} <= known
