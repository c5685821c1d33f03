# SPDX-License-Identifier: Apache-2.0
"""The rig's watchdog: what a heartbeat is, whose seconds count, and what follows when none comes."""

from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import TrialBench
from bench.conformance.trials.fencing import told
from groundfloor.errors import BenchFault
from instruments.modbus.registers import TAKEN
from instruments.pump import PumpState
from instruments.rig import RigOutputs

TIMEOUT_S = 4
BEAT_S = 1.0
AGE_S = 2.0
BEATS = 8
SLACK_S = 0.25
FAR = 32768
"""A heartbeat that the driver's own will not meet: the same value again would be none."""
LONGEST_WAIT_S = 3.0 * TIMEOUT_S


class Watched:
    """The watchdog as a trial arms it; the bench's own heartbeats are held back meanwhile."""

    def __init__(self, bench: TrialBench) -> None:
        self._bench = bench
        self._watched = bench.watched

    def __enter__(self) -> "Watched":
        """Refuse where the bench file says that there is none."""
        if not self._bench.file.rig.has_watchdog:
            raise NotTried("the bench file says has_watchdog = false")
        self._bench.watched = False
        return self

    def __exit__(self, *_trouble: object) -> None:
        """Disarm it, leave the safe state, and arm it again for the trials to come."""
        bench = self._bench
        bench.rig.arm_watchdog(0)
        bench.rig.leave_safe_state()
        if self._watched:
            bench.rig.arm_watchdog(bench.watchdog_s)
        bench.watched = self._watched

    @property
    def tripped(self) -> bool:
        """Tell whether it has tripped."""
        return self._bench.rig.read().watchdog_tripped


def heartbeat_needs_no_token(bench: TrialBench) -> str:
    """Write the heartbeat alone, changed, and then the same once more."""
    with Watched(bench):
        bench.rig.arm_watchdog(bench.watchdog_s)
        bench.pass_for(AGE_S)
        beat = (int(bench.rig_words.number("heartbeat")) + FAR) % 65536
        given = bench.timed(lambda: bench.rig_words.write({"heartbeat": beat}))
        fresh = bench.timed(lambda: bench.rig_words.number("heartbeat_age_s"))
        bench.pass_for(AGE_S)
        again = bench.timed(lambda: bench.rig_words.write({"heartbeat": beat}))
        repeated_s = bench.rig_words.number("heartbeat_age_s")
    if given.observed != TAKEN:
        raise Differs(f"a heartbeat without a token: {told(given.observed)}")
    if fresh.observed > fresh.after_s - given.before_s + SLACK_S:
        raise Differs(f"heartbeat_age_s reads {fresh.observed:.2f} s after a changed heartbeat")
    if repeated_s < again.before_s - given.after_s - SLACK_S:
        raise Differs(f"the same value counts as a heartbeat: heartbeat_age_s reads {repeated_s:.2f} s")
    return f"age {fresh.observed:.2f} s after a changed value, {repeated_s:.2f} s after the same again"


def heartbeats_keep_it_quiet(bench: TrialBench) -> str:
    """Give heartbeats for longer than the time-out, each in time."""
    with Watched(bench) as watchdog:
        heard_s = bench.clock.now_s()
        bench.rig.arm_watchdog(TIMEOUT_S)
        for _ in range(BEATS):
            bench.pass_for(BEAT_S)
            began_s = bench.clock.now_s()
            bench.rig.send_heartbeat()
            if bench.clock.now_s() - heard_s >= TIMEOUT_S:
                raise NotTried("this machine was too slow to give its heartbeats in time")
            heard_s = began_s
        if watchdog.tripped:
            raise Differs(f"it tripped with a heartbeat every {BEAT_S:g} s, armed with {TIMEOUT_S} s")
    return f"quiet for {BEATS * BEAT_S:g} s"


def it_trips_in_time(bench: TrialBench) -> str:
    """Arm it, give no heartbeat, and take the time until it trips."""
    with Watched(bench) as watchdog:
        armed = bench.timed(lambda: bench.rig.arm_watchdog(TIMEOUT_S))
        quiet_s = armed.before_s
        looked = bench.timed(lambda: watchdog.tripped)
        while not looked.observed:
            quiet_s = looked.before_s
            if quiet_s - armed.after_s > LONGEST_WAIT_S:
                raise Differs(f"armed with {TIMEOUT_S} s, it has not tripped after {LONGEST_WAIT_S:g} s")
            bench.pass_for(0.1)
            looked = bench.timed(lambda: watchdog.tripped)
    least_s, most_s = quiet_s - armed.after_s, looked.after_s - armed.before_s
    seen = f"armed with {TIMEOUT_S} s, it tripped after {least_s:.1f} to {most_s:.1f} s"
    if not least_s - SLACK_S <= TIMEOUT_S <= most_s + SLACK_S:
        raise Differs(seen)
    return seen


def a_trip_makes_safe(bench: TrialBench) -> str:
    """Let it trip while an injector is out and the pump runs."""
    bench.infusing()
    bench.rig.write(RigOutputs(leak_valve_percent=50.0))
    with Watched(bench) as watchdog:
        bench.rig.arm_watchdog(1)
        _let_it_trip(bench, watchdog)
        safe = bench.rig_words.read("safe_state")["safe_state"]
        outputs, state = bench.rig.outputs(), bench.pump.read().state
    bench.at_rest()
    if not safe or outputs != RigOutputs():
        raise Differs(f"safe_state reads {int(bool(safe))}, the outputs are {outputs}")
    if state is not PumpState.STOPPED:
        raise Differs(f"the pump is {state}")
    return "safe_state 1, outputs safe, the pump stands"


def a_trip_stands_until_disarmed(bench: TrialBench) -> str:
    """Try to get out of a trip by heartbeats and by leaving the safe state, then disarm."""
    bench.at_rest()
    with Watched(bench) as watchdog:
        bench.rig.arm_watchdog(1)
        _let_it_trip(bench, watchdog)
        bench.rig.send_heartbeat()
        after_beat = watchdog.tripped
        left = _leaves(bench)
        bench.rig.arm_watchdog(0)
        after_disarming = watchdog.tripped
        freed = _leaves(bench)
    if not after_beat:
        raise Differs("a heartbeat clears the trip")
    if left:
        raise Differs("the safe state can be left while it is tripped")
    if after_disarming or not freed:
        raise Differs("disarming does not clear the trip")
    return "only watchdog_timeout_s = 0 clears it"


def disarmed_it_is_quiet(bench: TrialBench) -> str:
    """Arm, disarm, and wait for longer than it was armed with."""
    bench.at_rest()
    with Watched(bench) as watchdog:
        bench.rig.arm_watchdog(1)
        bench.rig.arm_watchdog(0)
        bench.pass_for(3.0)
        if watchdog.tripped:
            raise Differs("it tripped after it was disarmed")
    return "quiet for 3 s"


def _let_it_trip(bench: TrialBench, watchdog: Watched) -> None:
    if not bench.wait_until(lambda: watchdog.tripped, LONGEST_WAIT_S):
        raise NotTried(f"it does not trip within {LONGEST_WAIT_S:g} s")


def _leaves(bench: TrialBench) -> bool:
    """Try to leave the safe state as the driver does, and tell whether that worked."""
    try:
        bench.rig.leave_safe_state()
    except BenchFault:  # that is what is found out
        return False
    return True


RULES = (
    Rule(
        "R-56",
        "a changed value is a heartbeat, and needs no token",
        heartbeat_needs_no_token,
        moves=True,
        needs=("R-33",),
    ),
    Rule("R-57", "heartbeats keep the watchdog quiet", heartbeats_keep_it_quiet, moves=True),
    Rule("R-58", "the watchdog counts seconds of bench time", it_trips_in_time, moves=True),
    Rule("R-59", "a trip makes the rig safe and stops the pump", a_trip_makes_safe, moves=True, needs=("R-52",)),
    Rule("R-60", "a trip stands until the watchdog is disarmed", a_trip_stands_until_disarmed, moves=True),
    Rule("R-61", "a disarmed watchdog is quiet", disarmed_it_is_quiet, moves=True),
)
