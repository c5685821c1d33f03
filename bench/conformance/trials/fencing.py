# SPDX-License-Identifier: Apache-2.0
"""Who may move the rig: fencing tokens, the lease, and with which exception everybody else is refused."""

from collections.abc import Mapping

from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import Timed, TrialBench
from instruments.modbus.registers import TAKEN
from instruments.modbus.rig_abilities import SEQUENCE
from instruments.modbus.rig_lease import NOBODY, POINTS
from instruments.register_map.codec import Value
from instruments.rig import RigOutputs

REFUSED = 3
"""The exception of a write that is not accepted ("value not accepted")."""
MOVED_PERCENT = 50.0
ASTRAY: Mapping[str, Value] = {**vars(RigOutputs()), "leak_valve_percent": MOVED_PERCENT}
LEASE_TRIAL_S = 4
MOST_SEQUENCE = 65_535
ANNA, BEN = 1_000_001, 1_000_002
"""Two sessions that the trials make up."""


def told(code: int) -> str:
    """Return an answer to a write in words."""
    return "taken" if code == TAKEN else f"exception {code}"


def order(bench: TrialBench, token: int, outputs: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return a whole order to the actuators, with the next number where the map has one."""
    values: dict[str, Value] = {"fencing_token": token, **outputs}
    if SEQUENCE in bench.rig_words.map.points:
        values[SEQUENCE] = int(bench.rig_words.number(SEQUENCE)) % MOST_SEQUENCE + 1
    return values


def refused(bench: TrialBench, values: Mapping[str, Value], what: str) -> str:
    """Write something that must be refused, and look whether it was, and took nothing.

    Raises:
        Differs: it was taken, refused with another exception, or took something all the same.
    """
    before = bench.rig.outputs()
    code = bench.rig_words.write(values)
    after = bench.rig.outputs()
    if after != before:
        bench.rig.write(RigOutputs())
        raise Differs(f"{what}: {told(code)}, and the outputs are now {after}")
    if code != REFUSED:
        raise Differs(f"{what}: {told(code)}, wanted is exception {REFUSED}")
    return f"{what}: exception {REFUSED}"


def stale_token_is_refused(bench: TrialBench) -> str:
    """Write the actuators with a token below the highest."""
    bench.at_rest()
    return refused(bench, order(bench, bench.rig.fencing_token - 1, ASTRAY), "a stale token")


def actuators_need_a_token(bench: TrialBench) -> str:
    """Write an actuator without a token."""
    bench.at_rest()
    return refused(bench, {"leak_valve_percent": MOVED_PERCENT}, "no token")


def actuators_keep_their_range(bench: TrialBench) -> str:
    """Write an actuator past its end, together with one that could be taken."""
    bench.at_rest()
    values = order(bench, bench.rig.fencing_token, {**ASTRAY, "kink_clamp_percent": 100.1})
    return refused(bench, values, "a clamp at 100.1 %")


def used_token_is_refused(bench: TrialBench) -> str:
    """Let a second session write the lease with the token that the first has."""
    with _leases(bench) as lease:
        lease.write(ANNA, lease.highest + 1, LEASE_TRIAL_S)
        again = lease.answer(BEN, lease.highest, LEASE_TRIAL_S)
        stale = lease.answer(BEN, lease.highest - 1, LEASE_TRIAL_S)
        session = lease.session
    if (again, stale) != (REFUSED, REFUSED):
        raise Differs(f"the same token: {told(again)}, a lower one: {told(stale)}")
    if session != ANNA:
        raise Differs(f"refused, and the session is {session} all the same")
    return f"the same token and a lower one: exception {REFUSED}"


def held_lease_is_refused_to_others(bench: TrialBench) -> str:
    """Let a second session ask for a lease that lasts, properly."""
    with _leases(bench) as lease:
        taken_s = bench.clock.now_s()
        lease.write(ANNA, lease.highest + 1, LEASE_TRIAL_S)
        code = lease.answer(BEN, lease.highest + 1, LEASE_TRIAL_S)
        if bench.clock.now_s() - taken_s >= LEASE_TRIAL_S:
            raise NotTried("this machine was too slow to ask before the lease ran out")
    if code != REFUSED:
        raise Differs(f"the next token of another session: {told(code)}, wanted is exception {REFUSED}")
    return f"the next token of another session: exception {REFUSED}"


def lease_counts_down(bench: TrialBench) -> str:
    """Take a lease, renew it, and let it run out."""
    with _leases(bench) as lease:
        lease.write(ANNA, lease.highest + 1, LEASE_TRIAL_S)
        bench.pass_for(LEASE_TRIAL_S / 2)
        renewed = bench.timed(lambda: lease.write(ANNA, lease.highest, LEASE_TRIAL_S))
        seen = []
        for _ in range(2):
            bench.pass_for(LEASE_TRIAL_S / 4)
            seen.append(_refuse_another_count(renewed, bench.timed(lambda: lease.left_s)))
        bench.pass_for(LEASE_TRIAL_S)
        if left_s := lease.left_s:
            raise Differs(f"{left_s} s are left after {LEASE_TRIAL_S} s")
        code = lease.answer(BEN, lease.highest + 1, LEASE_TRIAL_S)
    if code != TAKEN:
        raise Differs(f"it ran out, and the next session gets {told(code)}")
    return f"{', '.join(seen)}; then 0, and free"


def anybody_can_release(bench: TrialBench) -> str:
    """Take a lease from its holder: the next token, session 0, no time."""
    with _leases(bench) as lease:
        lease.write(ANNA, lease.highest + 1, LEASE_TRIAL_S)
        token = lease.highest
        code = lease.answer(NOBODY, token + 1, 0)
        session, left_s = lease.session, lease.left_s
        late = lease.answer(ANNA, token, LEASE_TRIAL_S)
        moved = bench.rig_words.write(order(bench, token, vars(RigOutputs())))
    if code != TAKEN or session != NOBODY or left_s:
        raise Differs(f"the release: {told(code)}; session {session}, {left_s} s left")
    if TAKEN in (late, moved):
        raise Differs(f"who lost it renews: {told(late)}, moves an actuator: {told(moved)}")
    return f"taken; who lost it renews: {told(late)}, moves an actuator: {told(moved)}"


class LeaseOfTrial:
    """The lease registers of the rig, written as sessions that the trials make up."""

    def __init__(self, bench: TrialBench) -> None:
        self._bench = bench

    def __enter__(self) -> "LeaseOfTrial":
        """Give the bench's own lease of the rig back, so that it is free."""
        self._bench.lease.leave_rig()
        return self

    def __exit__(self, *_trouble: object) -> None:
        """Take it again for the bench."""
        if self.answer(NOBODY, self.highest + 1, 0) != TAKEN:
            self._bench.pass_for(LEASE_TRIAL_S + 1)
        self._bench.fence()

    @property
    def highest(self) -> int:
        """Return the highest token."""
        return int(self._bench.rig_words.number("lease_token"))

    @property
    def session(self) -> int:
        """Return who holds it."""
        return int(self._bench.rig_words.number("lease_session"))

    @property
    def left_s(self) -> int:
        """Return how long it lasts."""
        return int(self._bench.rig_words.number("lease_expires_s"))

    def answer(self, session: int, token: int, duration_s: int) -> int:
        """Write all four points and return what the rig answers."""
        values: tuple[Value, ...] = (token, session, duration_s, "trial of conformance")
        return self._bench.rig_words.write(dict(zip(POINTS, values, strict=True)))

    def write(self, session: int, token: int, duration_s: int) -> None:
        """Write what must be taken.

        Raises:
            NotTried: it is not.
        """
        code = self.answer(session, token, duration_s)
        if code != TAKEN:
            raise NotTried(f"session {session} with token {token}: {told(code)}, so there was no lease to try with")


def _leases(bench: TrialBench) -> LeaseOfTrial:
    if POINTS[0] not in bench.rig_words.map.points:
        raise NotTried("the map has no points for a lease")
    return LeaseOfTrial(bench)


def _refuse_another_count(begun: Timed[None], looked: Timed[int]) -> str:
    """Compare what is left of a lease with bench time; the rig may round a second up or down."""
    most_s = LEASE_TRIAL_S - (looked.before_s - begun.after_s) + 1
    least_s = LEASE_TRIAL_S - (looked.after_s - begun.before_s) - 1
    seen = f"{looked.observed} s left after {looked.before_s - begun.after_s:.1f} s"
    if not least_s <= looked.observed <= most_s:
        raise Differs(seen)
    return seen


RULES = (
    Rule("R-40", "a stale fencing token is refused with exception 3", stale_token_is_refused, moves=True),
    Rule("R-41", "actuators without a token are refused with exception 3", actuators_need_a_token, moves=True),
    Rule("R-42", "a value out of range is refused with exception 3", actuators_keep_their_range, moves=True),
    Rule("R-43", "a lease token that was used is refused with exception 3", used_token_is_refused, moves=True),
    Rule("R-44", "a held lease is refused to others with exception 3", held_lease_is_refused_to_others, moves=True),
    Rule("R-45", "a lease counts down in seconds of bench time", lease_counts_down, moves=True),
    Rule("R-46", "anybody can release a lease, and its holder is out", anybody_can_release, moves=True),
)
