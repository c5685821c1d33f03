# SPDX-License-Identifier: Apache-2.0
"""What a needle takes out is held against what was put in and weighed: if that does not close, the port is in doubt."""

import pytest

from bench.infusion.reservoir import does_not_close
from metrology.uncertainty import Influence, Quantity, quantity_from

ALLOWED_UL = 580.0


def volume(value_ul: float) -> Quantity:
    sensor = Influence.type_b("flow sensor", value_ul, "µL", value_ul / 200)
    return quantity_from(sensor.number, "µL", (sensor,))


@pytest.mark.parametrize("out_ul", [16_000.0, 16_300.0, 15_700.0])
def test_an_account_that_closes_is_no_doubt(out_ul: float) -> None:
    assert does_not_close(volume(out_ul), volume(16_000.0), ALLOWED_UL) is None


@pytest.mark.parametrize("out_ul", [12_700.0, 19_300.0])
def test_what_neither_ran_out_nor_is_left_puts_the_port_in_doubt(out_ul: float) -> None:
    seen = does_not_close(volume(out_ul), volume(16_000.0), ALLOWED_UL)
    assert seen is not None
    assert "the flow sensor of its refill port is in doubt" in seen
