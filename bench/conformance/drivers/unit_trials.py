# SPDX-License-Identifier: Apache-2.0
"""Whether a driver's numbers are in the unit that their names say, and its refusals are refusals."""

from bench.conformance.drivers.device_under_trial import DeviceUnderTrial
from bench.conformance.drivers.driver_trial import DriverTrial
from bench.conformance.outcome import Differs, NotTried
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import sleep_s
from instruments.balance import Balance, MassReading
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, Pump, PumpState

RATE_UL_PER_H = 40.0
IMPOSSIBLE_UL_PER_H = 1e6
RATE_SHARE = 0.01
TWIN = "-twin"
MASS_SHARE = 0.01
FACTORS = {1000.0: "thousandfold", 0.001: "a thousandth", 24.0: "per day", 1 / 24: "per day", 60.0: "per minute"}


def _rate_in_its_unit(at: DeviceUnderTrial[Pump]) -> str:
    pump = _twin(at)
    try:
        result = pump.load(Program(Mode.CONTINUOUS, (Step(0, RATE_UL_PER_H),)))
        if result is not CommandResult.ACCEPTED:
            raise NotTried(f"the pump refuses {RATE_UL_PER_H:g} µL/h: {result}")
        if (started := pump.command(Command.START)) is not CommandResult.ACCEPTED:
            raise NotTried(f"the pump does not start: {started}")
        shown = pump.read().active_rate_ul_per_h
    finally:
        stopped = pump.command(Command.STOP)
    if abs(shown - RATE_UL_PER_H) > RATE_SHARE * RATE_UL_PER_H:
        raise Differs(f"programmed {RATE_UL_PER_H:g} µL/h, active_rate_ul_per_h is {shown:g}{_guess(shown)}")
    return f"{shown:g} µL/h, and stop: {stopped}"


def _refusal_is_a_result(at: DeviceUnderTrial[Pump]) -> str:
    result = at.device().load(Program(Mode.CONTINUOUS, (Step(0, IMPOSSIBLE_UL_PER_H),)))
    if result is CommandResult.ACCEPTED:
        raise Differs(f"{IMPOSSIBLE_UL_PER_H:g} µL/h were accepted")
    return f"{IMPOSSIBLE_UL_PER_H:g} µL/h: {result}"


def _lost_reply_is_found_out(at: DeviceUnderTrial[Pump]) -> str:
    """Lose the reply to a start: whether it was carried out must be asked, or told as unknown."""
    pump = _twin(at)
    try:
        pump.load(Program(Mode.CONTINUOUS, (Step(0, RATE_UL_PER_H),)))
        answer: CommandResult | None = None
        with at.wire.silent():
            try:
                answer = pump.command(Command.START)
                seen = f"it answered {answer}"
            except BenchFault as unknown:
                seen = unknown.seen
        sleep_s(at.timeout_s)
        running = at.answers_again("after a lost reply")
        state = getattr(running, "state", None)
        if answer is CommandResult.ACCEPTED and state is not PumpState.INFUSING:
            raise Differs(f"nothing got through, it answered {answer}, and the pump is {state}")
    finally:
        pump.command(Command.STOP)
    return seen


def _twin(at: DeviceUnderTrial[Pump]) -> Pump:
    """Return the pump if it is a twin: nothing holds a lease here, so nothing real is moved.

    Raises:
        NotTried: it is not known to be one.
    """
    pump = at.device()
    version = pump.identify().firmware_version
    if not version.endswith(TWIN):
        raise NotTried(f"firmware {version!r} does not end in {TWIN!r}, and a real pump is not moved without a bench")
    return pump


def _mass_in_grams(at: DeviceUnderTrial[Balance]) -> str:
    reading = at.read()
    if not isinstance(reading, MassReading):
        raise Differs(f"a reading is a {type(reading).__name__}")
    if at.mass_g is None:
        raise NotTried(f"it shows {reading.mass_g:g} g; say with --mass-g what lies on it")
    if abs(reading.mass_g - at.mass_g) > MASS_SHARE * abs(at.mass_g):
        raise Differs(f"{at.mass_g:g} g lie on it, mass_g is {reading.mass_g:g}{_guess(reading.mass_g, at.mass_g)}")
    return f"{reading.mass_g:g} g"


def _guess(shown: float, right: float = RATE_UL_PER_H) -> str:
    for factor, words in FACTORS.items():
        if shown and abs(shown / right / factor - 1.0) < RATE_SHARE:
            return f": another unit? It is {words}"
    return ""


OF_PUMPS: tuple[DriverTrial, ...] = (
    DriverTrial("P-1", "what the pump cannot do is refused by a result, not by an error", _refusal_is_a_result),
    DriverTrial("P-2", "a rate is in µL/h", _rate_in_its_unit, moves=True),
    DriverTrial("P-3", "a command whose reply is lost is found out, or unknown", _lost_reply_is_found_out, moves=True),
)
OF_BALANCES: tuple[DriverTrial, ...] = (DriverTrial("B-1", "a mass is in g", _mass_in_grams),)
