# SPDX-License-Identifier: Apache-2.0
"""What a check of the pre-flight finds is the bench's, or the pump's own: a lie of the pump blocks no bench."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from bench.acceptance import Standing
from bench.bench_file import PreflightLimits
from bench.infusion.log_reading import LogReading
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_round import look_at, trouble_of
from bench.preflight.check_state import CheckState
from bench.preflight.leak_check import LeakCheck
from bench.preflight.registers_check import RegistersCheck
from bench.scheduler import Scheduler
from groundfloor.errors import BenchFault, PumpFailure
from instruments.pump import CommandResult, PumpReading, PumpState
from tests.readings import pump_reading
from tests.unit.scripted_bench import scene
from tests.unit.test_leak_check import LeakyTable, RigOf, table
from tests.unit.test_preflight_checks import series

OK, WARN, BLOCK = CheckState.OK, CheckState.WARN, CheckState.BLOCK
HOLE = PumpFailure("pump", "read the log", "entry 3 is empty", "find out why the pump's log has a hole")


class Readable:
    """A pump that says what it was told to; `fails` names what raises what."""

    def __init__(self, *readings: tuple[PumpState, float], **fails: Exception) -> None:
        self.readings = list(readings) or [(PumpState.STOPPED, 0.0)]
        self.fails = fails

    def read(self) -> PumpReading:
        if "read" in self.fails:
            raise self.fails["read"]
        state, rate = self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]
        return pump_reading(state=state, active_rate_ul_per_h=rate)

    def __getattr__(self, name: str) -> Any:
        def ask(*_: object) -> tuple[int, ...]:
            if name in self.fails:
                raise self.fails[name]
            return (1, 2)

        return ask


def registers(*readings: tuple[PumpState, float], **fails: Exception) -> CheckFinding:
    return look_at(RegistersCheck(cast(Any, Readable(*readings, **fails)), None), ())


class RunsOn(LeakyTable):
    """A pump that goes on at a rate when a prime is over: for good, or only by one reading."""

    goes_on_s = math.inf

    def read(self) -> PumpReading:
        reading = super().read()
        over_s = self.clock.time_s - self.primes[-1][0] - self.prime_takes_s if self.primes else -1.0
        if not 0.0 <= over_s <= self.goes_on_s:
            return reading
        return pump_reading(state=PumpState.INFUSING, catheter_pressure_kpa=0.0, active_rate_ul_per_h=600.0)


def leak(at: LeakyTable) -> CheckFinding:
    scheduler, rig = Scheduler(cast(Any, at.clock)), cast(Any, RigOf(at))
    check = LeakCheck(PreflightLimits(), cast(Any, at), cast(Any, at), rig, series(at.clock, at), scheduler)
    return look_at(check, ())


def runs_on(seconds: float) -> CheckFinding:
    at = RunsOn(table().clock)
    at.goes_on_s = seconds
    return leak(at)


STANDS_AT_A_RATE, STANDS = (PumpState.STOPPED, 10.0), (PumpState.STOPPED, 0.0)
TABLE: list[tuple[str, Callable[[], CheckFinding], CheckState, Standing | None]] = [
    ("registers: all can be read", registers, OK, None),
    ("registers: no answer", lambda: registers(read=BenchFault("pump", "read", "silence")), BLOCK, None),
    ("registers: a log is refused", lambda: registers(alarm_log=BenchFault("pump", "read", "3")), BLOCK, None),
    ("registers: a hole in the alarm log", lambda: registers(alarm_log=HOLE), WARN, None),
    ("registers: a hole in the bolus log", lambda: registers(bolus_log=HOLE), WARN, None),
    ("registers: it stands, at a rate", lambda: registers(STANDS_AT_A_RATE), BLOCK, Standing.ACTIVE_RATE),
    ("registers: so it said once", lambda: registers(STANDS_AT_A_RATE, STANDS), OK, None),
    ("registers: it was left running", lambda: registers((PumpState.INFUSING, 10.0)), OK, None),
    ("leak: it goes on after a prime", lambda: runs_on(math.inf), BLOCK, Standing.STATE),
    ("leak: so it said once", lambda: runs_on(0.5), OK, None),
    ("leak: a prime does not end", lambda: leak(table(prime_takes_s=math.inf)), BLOCK, None),
    ("leak: it will not prime", lambda: leak(table(answer=CommandResult.ALARM_STANDING, rest_kpa=1.2)), OK, None),
    ("leak: its sensor stands, all came out", lambda: leak(table(stays_up=True)), WARN, None),
    ("leak: the clamp opens a little", lambda: leak(table(empties_s=889.0)), BLOCK, None),
]
"""What is found, and whose it is: what blocks and has a standing judgement is the pump's FAIL, and no BenchFault."""


@pytest.mark.parametrize(("check", "state", "against"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_whose_trouble_it_is(check: Callable[[], CheckFinding], state: CheckState, against: Standing | None) -> None:
    found = check()
    assert (found.state, found.against_pump) == (state, against)
    blames_the_bench = trouble_of([found], "bench", "pre-flight") is not None
    assert blames_the_bench is (state is BLOCK and against is None)


@pytest.mark.parametrize(
    ("failing", "of_alarms", "of_boluses"),
    [("alarm_log", "pump: read alarm_log: a hole", ""), ("bolus_log", "", "pump: read bolus_log: a hole")],
)
def test_an_infusion_tells_the_hole_of_one_log_and_reads_the_other(
    tmp_path: Path, failing: str, of_alarms: str, of_boluses: str
) -> None:
    with scene(tmp_path) as at:

        def hole(*_: object) -> tuple[()]:
            raise PumpFailure("pump", f"read {failing}", "a hole")

        setattr(at.bench.pump, failing, hole)
        reading = LogReading(at.setting)
        reading.read()
        assert reading.logs is not None
        assert (reading.logs.trouble, reading.logs.bolus_trouble) == (of_alarms, of_boluses)
