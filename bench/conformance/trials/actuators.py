# SPDX-License-Identifier: Apache-2.0
"""Injectors and their own sensors, and the safe state."""

from collections.abc import Callable
from dataclasses import replace

from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule, Trial
from bench.conformance.trial_bench import TrialBench
from bench.conformance.trials.fencing import ASTRAY, MOVED_PERCENT, REFUSED, order, refused, told
from instruments.modbus.registers import TAKEN
from instruments.pump import PumpState
from instruments.rig import RigOutputs, RigReading

CREEP_S = 2.0


def sensor_follows(name: str, orders: RigOutputs, shown: Callable[[RigReading], float], wanted: float) -> Trial:
    """Return the trial of one injector: told, read back, shown by its own sensor, and back again.

    Args:
        name: what people call it.
        orders: what the rig is told.
        shown: what its sensor shows.
        wanted: what it must show.
    """

    def trial(bench: TrialBench) -> str:
        bench.at_rest()
        there_s = _moved(bench, f"{name} there", orders, lambda: shown(bench.rig.read()), wanted)
        back_s = _moved(bench, f"{name} back", RigOutputs(), lambda: shown(bench.rig.read()), 0.0)
        return f"there in {there_s:.2f} s, back in {back_s:.2f} s"

    return trial


def _moved(bench: TrialBench, what: str, orders: RigOutputs, shown: Callable[[], float], wanted: float) -> float:
    section = bench.file.rig
    began_s = bench.clock.now_s()
    bench.rig.write(orders)
    near = lambda: abs(shown() - wanted) <= section.position_tolerance_percent  # noqa: E731  said once, used twice
    if not bench.wait_until(near, section.injector_time_limit_s):
        seen = f"{what}: the sensor shows {shown():g} after {section.injector_time_limit_s:g} s, told was {wanted:g}"
        bench.rig.write(RigOutputs())
        raise Differs(seen)
    return bench.clock.now_s() - began_s


def going_safe_needs_no_token(bench: TrialBench) -> str:
    """Move an injector, infuse, and write the one register that makes the rig safe."""
    bench.infusing()
    bench.rig.write(replace(RigOutputs(), leak_valve_percent=MOVED_PERCENT))
    code = bench.rig_words.write({"safe_state": True})
    outputs, state = bench.rig.outputs(), bench.rig_words.read("safe_state")["safe_state"]
    limit_s = bench.file.rig.injector_time_limit_s
    back = bench.wait_until(lambda: bench.rig.read().leak_valve_position_percent == 0.0, limit_s)
    pump = bench.pump.read().state
    _leave(bench)
    if code != TAKEN or not state:
        raise Differs(f"safe_state = 1 without a token: {told(code)}, it reads {int(bool(state))}")
    if outputs != RigOutputs() or not back:
        raise Differs(f"the outputs are {outputs}, the leak valve is {'back' if back else 'not back'}")
    return f"outputs safe, sensors follow, the pump is {pump}"


def rig_stops_the_pump(bench: TrialBench) -> str:
    """Infuse, and let the rig make itself safe."""
    bench.infusing()
    bench.rig.go_safe()
    stands = bench.wait_until(lambda: bench.pump.read().state is PumpState.STOPPED, CREEP_S)
    state = bench.pump.read().state
    _leave(bench)
    if not stands:
        raise Differs(f"the pump is {state} after {CREEP_S:g} s")
    return "the pump stands"


def safe_state_holds(bench: TrialBench) -> str:
    """Ask an actuator out of the safe state."""
    bench.at_rest()
    bench.rig.go_safe()
    try:
        return refused(bench, order(bench, bench.rig.fencing_token, ASTRAY), "a move in the safe state")
    finally:
        _leave(bench)


def leaving_needs_the_token(bench: TrialBench) -> str:
    """Leave the safe state without a token, then with it."""
    bench.at_rest()
    bench.rig.go_safe()
    code = bench.rig_words.write({"safe_state": False})
    stays = bench.rig_words.read("safe_state")["safe_state"]
    _leave(bench)
    if code != REFUSED or not stays:
        raise Differs(f"safe_state = 0 without a token: {told(code)}, it then reads {int(bool(stays))}")
    return f"exception {REFUSED} without, taken with it"


def safe_log_tells_why(bench: TrialBench) -> str:
    """Make the rig safe and read what it wrote down."""
    bench.at_rest()
    before = bench.rig.safe_log()
    if before is None:
        raise NotTried("the map has no log of safe states")
    bench.rig.go_safe()
    inside = bench.rig.safe_log(before.count)
    bench.pass_for(1.0)
    _leave(bench)
    after = bench.rig.safe_log(before.count)
    if inside is None or after is None or len(inside.entries) != 1 or len(after.entries) != 1:
        raise Differs("one stay in the safe state did not make one entry")
    entry, left = inside.entries[0], after.entries[0]
    if entry.reason != "command" or entry.left_s is not None or left.left_s is None or not left.pump_stopped:
        raise Differs(f"while safe: {entry}; after: {left}")
    return f"{entry.reason}, {left.left_s - left.entered_s:.1f} s, pump seen to stand"


def _leave(bench: TrialBench) -> None:
    bench.rig.leave_safe_state()
    bench.at_rest()


RULES = (
    Rule(
        "R-47",
        "the clamp moves, and its own sensor shows it",
        sensor_follows(
            "clamp", RigOutputs(kink_clamp_percent=100.0), lambda seen: seen.kink_clamp_position_percent, 100.0
        ),
        moves=True,
    ),
    Rule(
        "R-48",
        "the disconnect valve moves, and its own sensor shows it",
        sensor_follows(
            "valve", RigOutputs(disconnect_valve=True), lambda seen: 100.0 * seen.disconnect_valve_open, 100.0
        ),
        moves=True,
    ),
    Rule(
        "R-49",
        "the leak valve moves, and its own sensor shows it",
        sensor_follows(
            "leak",
            RigOutputs(leak_valve_percent=MOVED_PERCENT),
            lambda seen: seen.leak_valve_position_percent,
            MOVED_PERCENT,
        ),
        moves=True,
    ),
    Rule(
        "R-50",
        "the field comes and goes, and its own sensor shows it",
        sensor_follows("field", RigOutputs(magnet_field=True), lambda seen: 100.0 * seen.magnet_field_present, 100.0),
        moves=True,
    ),
    Rule("R-51", "going safe needs no token, and makes every output safe", going_safe_needs_no_token, moves=True),
    Rule("R-52", "a rig that goes safe stops the pump", rig_stops_the_pump, moves=True, needs=("R-51",)),
    Rule("R-53", "in the safe state a move is refused with exception 3", safe_state_holds, moves=True, needs=("R-51",)),
    Rule("R-54", "leaving the safe state needs the token", leaving_needs_the_token, moves=True, needs=("R-51",)),
    Rule(
        "R-55",
        "the log of safe states tells when, why and whether the pump stood",
        safe_log_tells_why,
        moves=True,
        needs=("R-01", "R-03", "R-10", "R-51", "R-52"),
    ),
)
