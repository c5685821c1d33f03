# SPDX-License-Identifier: Apache-2.0
"""The checks of a bench that move nothing: twins among real instruments, what can be read, the supply, thermometers."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bench.bench_file import PreflightLimits
from bench.clock import ClockMode
from bench.devices import Finding
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_round import look_at
from bench.preflight.check_state import CheckState
from bench.preflight.mixture_check import MixtureCheck
from bench.preflight.registers_check import RegistersCheck
from bench.preflight.supply_check import SupplyCheck
from bench.preflight.thermometer_check import ThermometerCheck
from groundfloor.errors import BenchFault
from instruments.pump import PumpIdentity, PumpState
from instruments.rig import RigOutputs
from instruments.rig_abilities import PumpHold, RigAbilities
from tests.readings import pump_reading, rig_reading

OK, BLOCK = CheckState.OK, CheckState.BLOCK


def found(**firmware: str) -> list[Finding]:
    return [Finding(asset, "there", PumpIdentity("M", "S", version), None) for asset, version in firmware.items()]


# --- twins ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("firmware", "mode", "state", "seen"),
    [
        (("1-twin", "1-twin", "1-twin"), ClockMode.STEPPED, OK, "all of them are twins"),
        (("1", "1", "1"), ClockMode.REAL, OK, "none of them is a twin"),
        (("1-twin", "1-twin", "1"), ClockMode.REAL, BLOCK, "pump and rig simulated, balance real: what one gives"),
        (("1", "1-twin", "1"), ClockMode.REAL, BLOCK, "rig simulated, pump and balance real"),
        (("1-twin", "1-twin", "1"), ClockMode.SCALED, BLOCK, "balance real, the bench file asks for a scaled clock"),
        (("1", "1", "1"), ClockMode.STEPPED, BLOCK, "pump and rig and balance real, the bench file asks for a stepped"),
    ],
)
def test_twins_and_real_instruments_do_not_go_together(
    firmware: tuple[str, str, str], mode: ClockMode, state: CheckState, seen: str
) -> None:
    told = MixtureCheck(found(**dict(zip(("pump", "rig", "balance"), firmware, strict=True))), mode).run()
    assert (told.state, seen in told.seen) == (state, True)
    assert bool(told.next_step) is (state is BLOCK)


def test_who_wants_a_mixture_switches_the_check_off_in_the_words_that_are_advised() -> None:
    check = MixtureCheck(found(pump="1-twin", balance="1"), ClockMode.REAL)
    assert 'off = ["twins"]' in check.run().next_step
    assert look_at(check, PreflightLimits(off=cast(Any, ["twins"])).off).state is CheckState.OFF


# --- what is read ---------------------------------------------------------------------------------------------------


ABLE = RigAbilities(PumpHold.LINE, 0.5, numbers_orders=True, most_token_step=1000)


class ReadableDevices:
    """Pump and rig in one; `refuses` names what cannot be read."""

    def __init__(self, refuses: str = "", able: RigAbilities = ABLE) -> None:
        self.refuses = refuses
        self.able = able
        self.asked: list[str] = []

    def abilities(self) -> RigAbilities:
        return self.able

    def __getattr__(self, name: str) -> Any:
        def ask(*_: object) -> object:
            self.asked.append(name)
            if name == self.refuses:
                raise BenchFault("pump", f"read {name}", "exception 3 to 80 input registers", "see the gateway")
            if name == "read":
                return pump_reading(state=PumpState.STOPPED, active_rate_ul_per_h=0.0)
            return SimpleNamespace(entries=(1, 2)) if name == "safe_log" else (1, 2, 3)

        return ask


def test_all_that_a_run_reads_is_read_once_and_counted() -> None:
    devices = ReadableDevices()
    told = RegistersCheck(cast(Any, devices), cast(Any, devices)).run()
    assert told.seen == "3 alarms, 3 boluses, the program in force, 2 safe states of the rig"
    assert devices.asked == ["read", "alarm_log", "bolus_log", "differences", "read", "outputs", "safe_log"]


@pytest.mark.parametrize("refuses", ["alarm_log", "bolus_log", "differences", "outputs", "safe_log"])
def test_whatever_cannot_be_read_blocks_with_what_was_asked_for(refuses: str) -> None:
    devices = ReadableDevices(refuses)
    told = look_at(RegistersCheck(cast(Any, devices), cast(Any, devices)), ())
    assert (told.state, told.operation) == (BLOCK, f"read {refuses}")
    assert "80 input registers" in told.seen


@pytest.mark.parametrize(
    ("able", "lacks"),
    [
        (replace(ABLE, pump_hold=PumpHold.NONE), "it stops the pump once and does not hold it, so a keeper watches"),
        (replace(ABLE, numbers_orders=False), "it does not number orders, so one that was lost is not sent again"),
        (replace(ABLE, most_token_step=0), "any token is taken, so one write can lock all sessions out"),
    ],
)
def test_what_a_rig_cannot_do_is_a_warning_and_a_deviation_of_the_run(able: RigAbilities, lacks: str) -> None:
    devices = ReadableDevices(able=able)
    told = RegistersCheck(cast(Any, devices), cast(Any, devices)).run()
    assert told.state is CheckState.WARN
    assert lacks in told.seen
    assert lacks in told.deviation


def test_an_instrument_that_could_not_be_opened_is_left_out() -> None:
    assert RegistersCheck(cast(Any, ReadableDevices()), None).run().seen.endswith("the program in force")
    assert RegistersCheck(None, None).run().state is OK


# --- supply ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told_mv", "measured_mv", "state"), [(0, 0, OK), (0, 49, OK), (0, 3010, BLOCK), (2500, 2510, OK), (2500, 0, BLOCK)]
)
def test_a_supply_that_is_not_what_it_was_told_would_end_every_infusion(
    told_mv: int, measured_mv: int, state: CheckState
) -> None:
    rig = SimpleNamespace(
        outputs=lambda: RigOutputs(supply_voltage_mv=told_mv),
        read=lambda: rig_reading(supply_voltage_measured_mv=measured_mv),
    )
    told = SupplyCheck(cast(Any, rig)).run()
    assert (told.state, told.value) == (state, measured_mv)
    assert ("its own output, which is off (0 mV), and not the pump's battery" in told.next_step) is (state is BLOCK)


# --- thermometers ---------------------------------------------------------------------------------------------------


class WarmBalance:
    def __init__(self, *inside_c: float) -> None:
        self._inside_c = inside_c

    def read_temperatures_c(self) -> tuple[float, ...]:
        return self._inside_c


def compared(balance: object, rig_c: float) -> CheckFinding:
    rig = SimpleNamespace(read=lambda: rig_reading(temperature_c=rig_c))
    return ThermometerCheck(PreflightLimits(), cast(Any, rig), cast(Any, balance)).run()


@pytest.mark.parametrize(
    ("inside_c", "rig_c", "state"),
    [
        ((21.5,), 21.0, OK),
        ((25.9,), 21.0, OK),
        ((26.1,), 21.0, BLOCK),
        ((21.5,), 23.6, BLOCK),
        ((30.0, 21.5), 21.0, OK),
    ],
    ids=["as warm", "a balance that warms itself", "too cold", "too warm", "two sensors"],
)
def test_the_rigs_thermometer_stands_against_the_one_in_the_balance(
    inside_c: tuple[float, ...], rig_c: float, state: CheckState
) -> None:
    told = compared(WarmBalance(*inside_c), rig_c)
    assert told.state is state
    assert told.value == pytest.approx(min((rig_c - one for one in inside_c), key=abs))


@pytest.mark.parametrize("balance", [WarmBalance(), object()], ids=["tells none", "cannot be asked"])
def test_a_balance_that_tells_no_temperature_is_said_and_blocks_nothing(balance: object) -> None:
    told = compared(balance, 21.0)
    assert (told.state, told.value) == (OK, None)
    assert "held against nothing" in told.seen
