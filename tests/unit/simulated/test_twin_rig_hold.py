# SPDX-License-Identifier: Apache-2.0
"""The twin's rig holds the pump while it is safe, takes each order once, and no token that rises too far."""

from collections.abc import Callable, Mapping

import pytest

from instruments.register_map.codec import Value
from instruments.simulated.rig.lease import MOST_TOKEN_STEP
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

BOLUS = {"bolus_volume_ul": 10.0, "bolus_duration_s": 60}


def by_command(bench: OperatedTwin) -> None:
    bench.set_rig(safe_state=True)


def by_its_watchdog(bench: OperatedTwin) -> None:
    bench.set_rig(watchdog_timeout_s=60)
    bench.go(61.0)


@pytest.mark.parametrize("goes_safe", [by_command, by_its_watchdog], ids=["command", "watchdog"])
@pytest.mark.parametrize(("command", "argument"), [("start", 0.0), ("prime", 100.0), ("single_bolus", 0.0)])
def test_whatever_is_started_while_the_rig_is_safe_gives_nothing(
    goes_safe: Callable[[OperatedTwin], None], command: str, argument: float
) -> None:
    bench = OperatedTwin()
    bench.load(continuous(1000.0, **BOLUS))
    goes_safe(bench)
    for _ in range(3):
        assert bench.command(command, argument) == "accepted"
        assert bench.pump("state") == "stopped"
        bench.go(600.0)
    assert bench.pump("delivered_volume_ul") == 0.0


def test_a_pump_that_was_let_go_runs_when_it_is_started_and_not_before() -> None:
    bench = OperatedTwin()
    bench.load(continuous(1000.0))
    bench.set_rig(safe_state=True)
    assert bench.command("start") == "accepted"
    bench.set_rig(safe_state=False)
    assert bench.pump("state") == "stopped"
    assert bench.command("start") == "accepted"
    assert bench.pump("state") == "infusing"


def test_a_disarmed_watchdog_holds_the_pump_for_as_long_as_the_rig_stays_safe() -> None:
    bench = OperatedTwin()
    bench.load(continuous(1000.0))
    by_its_watchdog(bench)
    bench.set_rig(watchdog_timeout_s=0)
    bench.command("start")
    assert bench.pump("state") == "stopped"


def kinked(number: int, percent: float, token: int = 1) -> Mapping[str, Value]:
    return {"fencing_token": token, "kink_clamp_percent": percent, "actuator_sequence": number}


@pytest.mark.parametrize(("last", "following"), [(1, 2), (1, 32768), (65535, 1), (40000, 7231)])
def test_a_newer_order_is_carried_out(last: int, following: int) -> None:
    bench = OperatedTwin()
    bench.set_rig(**kinked(last, 10.0))
    bench.set_rig(**kinked(following, 20.0))
    assert (bench.rig("kink_clamp_percent"), bench.rig("actuator_sequence")) == (20.0, following)


def test_the_last_order_once_more_is_confirmed_and_moves_nothing() -> None:
    bench = OperatedTwin()
    bench.set_rig(**kinked(7, 10.0))
    bench.set_rig(**kinked(7, 20.0))
    assert bench.rig("kink_clamp_percent") == 10.0


@pytest.mark.parametrize(("last", "late"), [(7, 6), (7, 65535), (1, 65535), (7, 40000)])
def test_an_order_behind_a_later_one_is_refused(last: int, late: int) -> None:
    bench = OperatedTwin()
    bench.set_rig(**kinked(last, 10.0))
    with pytest.raises(ValueError, match=f"order {late} comes behind order {last}"):
        bench.set_rig(**kinked(late, 20.0))
    assert bench.rig("kink_clamp_percent") == 10.0


def test_a_higher_token_begins_with_any_number() -> None:
    bench = OperatedTwin()
    bench.set_rig(**kinked(500, 10.0))
    bench.set_rig(**kinked(3, 20.0, token=2))
    assert (bench.rig("kink_clamp_percent"), bench.rig("actuator_sequence")) == (20.0, 3)


def test_a_late_copy_of_leaving_the_safe_state_does_not_undo_a_later_trip() -> None:
    bench = OperatedTwin()
    leave = {**kinked(5, 0.0), "safe_state": False}
    bench.set_rig(safe_state=True)
    bench.set_rig(**leave)
    bench.set_rig(safe_state=True)
    bench.set_rig(**leave)
    assert bench.rig("safe_state") is True


def test_an_order_with_a_token_and_no_number_is_refused() -> None:
    bench = OperatedTwin()
    with pytest.raises(ValueError, match="number are written together"):
        bench.twin.rig.write({"fencing_token": 1, "kink_clamp_percent": 10.0})
    with pytest.raises(ValueError, match="number are written together"):
        bench.twin.rig.write({"actuator_sequence": 1})


@pytest.mark.parametrize("step", [MOST_TOKEN_STEP + 1, 2**32 - 1 - 7])
def test_no_token_rises_by_more_than_the_rig_says(step: int) -> None:
    bench = OperatedTwin()
    bench.set_rig(fencing_token=7)
    with pytest.raises(ValueError, match="rises by more than"):
        bench.set_rig(fencing_token=7 + step)
    lease: dict[str, Value] = {"lease_session": 5, "lease_expires_s": 60, "lease_holder": "stray"}
    with pytest.raises(ValueError, match="rises by more than"):
        bench.set_rig(lease_token=7 + step, **lease)
    bench.set_rig(fencing_token=7 + MOST_TOKEN_STEP)
    assert bench.rig("fencing_token") == 7 + MOST_TOKEN_STEP
