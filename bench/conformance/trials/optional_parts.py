# SPDX-License-Identifier: Apache-2.0
"""What a rig may have besides: outlet lift, mid-catheter valve, sensor relay, refill port, chamber, microphone.

Each is moved, read back by a sensor of its own and brought home by the safe state; a stale token, a number that was
used and an order in the safe state move nothing. What a map leaves out is not tried.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import TrialBench
from bench.conformance.trials.fencing import REFUSED, told
from instruments import catheter_line, chamber, refill_port, sound_channel
from instruments.catheter_line import CatheterLineState, catheter_line_of
from instruments.chamber import OFF, chamber_of
from instruments.modbus import catheter_line as line_points
from instruments.modbus import chamber as chamber_points
from instruments.modbus import refill_port as refill_points
from instruments.modbus.registers import TAKEN
from instruments.refill_port import port_of
from instruments.register_map.codec import Value
from instruments.sound_channel import sound_channel_of

OF_THE_LINE = f"{catheter_line.OUTLET_LIFT}, the {catheter_line.MID_VALVE} and the {catheter_line.SENSOR_RELAY}"
LIFTED_KPA, LIFT_SLACK_KPA = 2.0, 0.3
MOVED_UL, VOLUME_SLACK_UL = 50.0, 2.0
WARM_C, WARM_SLACK_C, CHAMBER_LIMIT_S, CHAMBER_POLL_S = 30.0, 1.0, 3600.0, 60.0
HEARD_WITHIN_S, HEARD_POLL_S, CLOCK_TRIAL_S, CLOCK_SLACK_S = 900.0, 5.0, 20.0, 0.5
MOST_NUMBER = 65_535
Values = Mapping[str, Value]


def _require(bench: TrialBench, point: str, name: str) -> None:
    if point not in bench.rig_words.map.points:
        raise NotTried(f"the map has no {point}: the {name} is left out")
    bench.at_rest()


def _await(bench: TrialBench, what: str, holds: Callable[[], bool], limit_s: float, poll_s: float = 0.1) -> None:
    if not bench.wait_until(holds, limit_s, poll_s):
        raise Differs(f"{what}: not within {limit_s:g} s")


def _moves_nothing(bench: TrialBench, number: str, order: Values, token: str, shown: Callable[[], object]) -> str:
    """Give an order with a stale token, under the number that was used last, and in the safe state.

    Args:
        bench: at rest.
        number: the point of the order's number; empty for orders that have none.
        order: what would move.
        token: the point of the fencing token.
        shown: what must not change.
    """
    present = bench.rig.fencing_token
    last = int(bench.rig_words.number(number)) if number else 0
    due: Values = {number: last % MOST_NUMBER + 1} if number else {}
    before = shown()
    codes = {"a stale token": bench.rig_words.write({token: present - 1, **due, **order})}
    wanted = {"a stale token": REFUSED, "the last number again": TAKEN, "an order in the safe state": REFUSED}
    if number:
        codes["the last number again"] = bench.rig_words.write({token: present, number: last, **order})
    moved = shown() != before
    bench.rig.go_safe()
    codes["an order in the safe state"] = bench.rig_words.write({token: present, **due, **order})
    moved = moved or shown() != before
    _leave(bench)
    said = "; ".join(f"{what}: {told(code)}" for what, code in codes.items())
    if moved or any(code != wanted[what] for what, code in codes.items()):
        raise Differs(f"{said}; it is told {shown()}, before {before}")
    return f"{said}; nothing moves"


@contextmanager
def _home_afterwards(bench: TrialBench) -> Iterator[None]:
    """Leave every part where the safe state has it, and the safe state then, whatever a trial found."""
    try:
        yield
    finally:
        bench.rig.go_safe()
        _leave(bench)


def _leave(bench: TrialBench) -> None:
    bench.rig.leave_safe_state()
    bench.at_rest()


# --- outlet lift, mid-catheter valve, sensor relay ------------------------------------------------------------------
def the_line_moves(bench: TrialBench) -> str:
    """Raise the outlet, open valve and relay, as far as there are all; then go safe."""
    _require(bench, line_points.NUMBER, OF_THE_LINE)
    has_lift, has_valve, has_relay = (
        name in bench.rig_words.map.points for name in (line_points.LIFT, line_points.VALVE, line_points.RELAY)
    )
    line, limit_s = catheter_line_of(bench.rig), bench.file.rig.injector_time_limit_s
    rest_kpa = bench.rig.read().outlet_pressure_kpa
    wanted = CatheterLineState(LIFTED_KPA if has_lift else 0.0, has_valve, has_relay)
    home = CatheterLineState()
    with _home_afterwards(bench):
        line.order_catheter_line(wanted)
        _await(bench, f"told {wanted}, its sensors", lambda: _is_at(line.observed_catheter_line(), wanted), limit_s)
        if has_lift:
            risen = lambda: abs(bench.rig.read().outlet_pressure_kpa - rest_kpa - LIFTED_KPA) <= LIFT_SLACK_KPA  # noqa: E731
            _await(bench, f"outlet_pressure_kpa {LIFTED_KPA:g} over its rest", risen, limit_s)
        bench.rig.go_safe()
        _await(bench, "home in the safe state", lambda: _is_at(line.observed_catheter_line(), home), limit_s)
        if (ordered := line.ordered_catheter_line()) != home:
            raise Differs(f"in the safe state it is told {ordered}")
    return "there and shown, and home in the safe state"


def _is_at(observed: CatheterLineState, wanted: CatheterLineState) -> bool:
    near = abs(observed.outlet_lift_kpa - wanted.outlet_lift_kpa) <= LIFT_SLACK_KPA
    same_valve = observed.mid_valve_open is wanted.mid_valve_open
    return near and same_valve and observed.sensor_line_open is wanted.sensor_line_open


def the_line_keeps_to_its_orders(bench: TrialBench) -> str:
    """Give the line orders that must move nothing."""
    _require(bench, line_points.NUMBER, OF_THE_LINE)
    line = catheter_line_of(bench.rig)
    line.order_catheter_line(CatheterLineState())  # so that there is a number of this token
    astray: dict[str, Value] = {line_points.LIFT: LIFTED_KPA, line_points.VALVE: True, line_points.RELAY: True}
    order = {name: value for name, value in astray.items() if name in bench.rig_words.map.points}
    return _moves_nothing(bench, line_points.NUMBER, order, line_points.TOKEN, line.ordered_catheter_line)


# --- refill port ----------------------------------------------------------------------------------------------------
def the_refill_port_moves(bench: TrialBench) -> str:
    """Put the needle in, move a little into the pump and out again, and go safe."""
    _require(bench, refill_points.NUMBER, refill_port.NAME)
    port, limit_s = port_of(bench.rig), bench.file.rig.injector_time_limit_s
    with _home_afterwards(bench):
        port.order_refill(True, 0.0)
        _await(bench, "the needle in, by its switch", lambda: port.read_refill_port().needle_in, limit_s)
        for volume_ul in (MOVED_UL, -MOVED_UL):
            port.order_refill(True, volume_ul)
            _await(bench, f"{volume_ul:g} µL moved", lambda: not port.read_refill_port().busy, limit_s)
            moved_ul = port.read_refill_port().moved_ul
            if abs(moved_ul - volume_ul) > VOLUME_SLACK_UL:
                raise Differs(f"told {volume_ul:g} µL, its flow sensor shows {moved_ul:.1f} µL")
        bench.rig.go_safe()
        _await(bench, "the needle out in the safe state", lambda: not port.read_refill_port().needle_in, limit_s)
    return f"needle in, {MOVED_UL:g} µL in and out again by its flow sensor, needle out in the safe state"


def the_refill_port_keeps_to_its_orders(bench: TrialBench) -> str:
    """Give the port orders that must move nothing."""
    _require(bench, refill_points.NUMBER, refill_port.NAME)
    port = port_of(bench.rig)
    port.order_refill(False, 0.0)
    order: Values = {refill_points.NEEDLE: True, refill_points.VOLUME: 0.0}
    needle = lambda: bench.rig_words.read(refill_points.NEEDLE)[refill_points.NEEDLE]  # noqa: E731
    return _moves_nothing(bench, refill_points.NUMBER, order, refill_points.TOKEN, needle)


# --- chamber --------------------------------------------------------------------------------------------------------
def the_chamber_moves(bench: TrialBench) -> str:
    """Warm the chamber, and leave it to the room by going safe."""
    _require(bench, chamber_points.TEMPERATURE, chamber.NAME)
    one = chamber_of(bench.rig)
    room_c = one.read_chamber().temperature_c
    with _home_afterwards(bench):
        one.order_chamber(WARM_C, OFF)
        warm = lambda: abs(one.read_chamber().temperature_c - WARM_C) <= WARM_SLACK_C  # noqa: E731
        _await(bench, f"{WARM_C:g} °C by its own sensor", warm, CHAMBER_LIMIT_S, CHAMBER_POLL_S)
        bench.rig.go_safe()
        left = bench.rig_words.read(chamber_points.TEMPERATURE)[chamber_points.TEMPERATURE]
        if left != OFF:
            raise Differs(f"in the safe state it is told {left} °C")
        cool = lambda: abs(one.read_chamber().temperature_c - room_c) <= 2 * WARM_SLACK_C  # noqa: E731
        _await(bench, f"back at {room_c:.1f} °C in the safe state", cool, CHAMBER_LIMIT_S, CHAMBER_POLL_S)
    return f"{WARM_C:g} °C by its own sensor, and that of the room in the safe state"


def the_chamber_keeps_to_its_orders(bench: TrialBench) -> str:
    """Give the chamber orders that must move nothing."""
    _require(bench, chamber_points.TEMPERATURE, chamber.NAME)
    order: Values = {chamber_points.TEMPERATURE: WARM_C, chamber_points.PRESSURE: OFF}
    wanted = lambda: bench.rig_words.read(chamber_points.TEMPERATURE)[chamber_points.TEMPERATURE]  # noqa: E731
    return _moves_nothing(bench, "", order, chamber_points.TOKEN, wanted)


# --- microphone -----------------------------------------------------------------------------------------------------
def the_microphone_hears(bench: TrialBench) -> str:
    """Listen to the room and look at the microphone's clock; then raise an alarm and listen to that."""
    if "sound_count" not in bench.rig_words.map.points:
        raise NotTried(f"the map has no sound_count: the {sound_channel.NAME} is left out")
    ear = sound_channel_of(bench.rig)
    bench.at_rest()
    first = bench.timed(lambda: ear.read_sounds(0))
    if first.observed.level_db <= 0.0:
        raise Differs("it hears nothing, not even the room")
    bench.pass_for(CLOCK_TRIAL_S)
    second = bench.timed(lambda: ear.read_sounds(0))
    passed_s, told_s = second.before_s - first.before_s, second.observed.clock_s - first.observed.clock_s
    if abs(told_s - passed_s) > CLOCK_SLACK_S + (first.after_s - first.before_s) + (second.after_s - second.before_s):
        raise Differs(f"in {passed_s:.1f} s its clock went on by {told_s:.1f} s")
    bench.occluded()
    try:
        heard = bench.wait_until(
            lambda: ear.read_sounds(0).count != second.observed.count, HEARD_WITHIN_S, HEARD_POLL_S
        )
    finally:
        bench.at_rest()
    if not heard:
        raise Differs(f"an occlusion alarm stood for {HEARD_WITHIN_S:g} s, and it heard no tone")
    return "the room is heard, its clock keeps time, and so is an alarm's tone"


RULES = (
    Rule(
        "R-88",
        "outlet lift, mid-catheter valve and sensor relay move, each shown by its own sensor, and go home when safe",
        the_line_moves,
        moves=True,
        needs=("R-12", "R-51", "R-54", "R-86"),
    ),
    Rule(
        "R-89",
        "outlet lift, mid-catheter valve and sensor relay take no stale token, no used number and no order when safe",
        the_line_keeps_to_its_orders,
        moves=True,
        needs=("R-12", "R-40", "R-51", "R-53", "R-54", "R-85", "R-86", "R-88"),
    ),
    Rule(
        "R-90",
        "the refill port moves needle and volume, shown by its own sensors, and takes the needle out in the safe state",
        the_refill_port_moves,
        moves=True,
        needs=("R-51", "R-54", "R-86"),
    ),
    Rule(
        "R-91",
        "the refill port takes no stale token, no used number and no order in the safe state",
        the_refill_port_keeps_to_its_orders,
        moves=True,
        needs=("R-40", "R-51", "R-53", "R-54", "R-85", "R-86", "R-90"),
    ),
    Rule(
        "R-92",
        "the chamber warms, shown by its own sensor, and is left to the room in the safe state",
        the_chamber_moves,
        moves=True,
        needs=("R-51", "R-54", "R-86"),
    ),
    Rule(
        "R-93",
        "the chamber takes no stale token and no order in the safe state",
        the_chamber_keeps_to_its_orders,
        moves=True,
        needs=("R-40", "R-51", "R-53", "R-54", "R-86", "R-92"),
    ),
    Rule(
        "R-94",
        "the microphone hears the room and an alarm's tone, and its clock keeps time",
        the_microphone_hears,
        moves=True,
        needs=("R-77", "R-86"),
    ),
)
