# SPDX-License-Identifier: Apache-2.0
"""The end of the flow lies between the last full flow and the first that is none, whatever the stroke."""

import pytest

from bench.infusion.run_dry import ran_dry

RATE_UL_PER_H, STROKE_UL, INTERVAL_S = 60.0, 0.5, 30.0


def masses(dry_at_s: float, to_s: float = 3600.0, after_mg_per_s: float = 0.0) -> list[tuple[float, float]]:
    instants = [INTERVAL_S * place for place in range(int(to_s / INTERVAL_S) + 1)]
    given = (min(at_s, dry_at_s) / 60.0 for at_s in instants)
    return [
        (at_s, STROKE_UL * int(ul / STROKE_UL) + after_mg_per_s * max(0.0, at_s - dry_at_s))
        for at_s, ul in zip(instants, given, strict=True)
    ]


@pytest.mark.parametrize("dry_at_s", [900.0, 915.0, 1777.0])
def test_the_bracket_holds_the_instant_at_which_the_flow_ended(dry_at_s: float) -> None:
    found = ran_dry(masses(dry_at_s), RATE_UL_PER_H, STROKE_UL, INTERVAL_S)
    assert found is not None
    assert found.after_s <= dry_at_s <= found.before_s
    assert found.before_s - found.after_s <= 8 * INTERVAL_S


def test_a_flow_that_goes_on_or_only_slows_down_to_a_half_has_not_ended() -> None:
    assert ran_dry(masses(1e9), RATE_UL_PER_H, STROKE_UL, INTERVAL_S) is None
    assert ran_dry(masses(900.0, after_mg_per_s=0.5 / 60.0), RATE_UL_PER_H, STROKE_UL, INTERVAL_S) is None


def test_a_vessel_that_dries_out_meanwhile_changes_nothing() -> None:
    found = ran_dry(masses(900.0, after_mg_per_s=-0.05 / 3600.0), RATE_UL_PER_H, STROKE_UL, INTERVAL_S)
    assert found is not None
    assert found.after_s <= 900.0 <= found.before_s
