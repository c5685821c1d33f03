# SPDX-License-Identifier: Apache-2.0
"""A campaign: an infusion is looked at over bad wires until so many faults were made, each look held to the truth.

The truth is the twin itself, read past the bad wires at the same frozen instant.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from time import monotonic

from bench.clock import SteppedClock
from bench.retrying_reader import RetryingReader
from bench.sampling.snapshot import Snapshot
from groundfloor.errors import BenchFault, NoAnswer
from instruments.program import Mode, Program, Step
from instruments.pump import Command
from instruments.simulated.twin.twin_options import Wire
from tests.sim.disturbed_twin import DisturbedTwin, disturbed_twin

INTERVAL_S = 30.0
PATIENCE_S = 0.5
MOST_READING_S = 8.0
"""More than the patience and the last attempt's own limits together; a look that takes longer counts as a hang."""
THERAPY = Program(Mode.CONTINUOUS, (Step(0, 50.0),))


@dataclass
class Tally:
    """What a campaign counted.

    Attributes:
        looks: planned looks at all devices.
        right, wrong, gaps: what became of them.
        void: looks that ended with another fault than silence, such as a zero that is not known any more.
        hangs: looks that took over `MOST_LOOK_S`.
        longest_s: the longest look, in wall time.
        kinds: the faults that were made.
        told: the first wrong looks, for people.
    """

    looks: int = 0
    right: int = 0
    wrong: int = 0
    gaps: int = 0
    void: int = 0
    hangs: int = 0
    longest_s: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        return sum(self.kinds.values())


def campaign(seed: int, rate: float, faults: int, wire: Wire = Wire.TCP) -> Tally:
    """Look at an infusion until `faults` faults were made."""
    tally = Tally()
    with disturbed_twin(seed, rate, wire) as twin:
        twin.both(lambda one: (one.pump.load(THERAPY), one.pump.command(Command.START)))
        reader = RetryingReader(SteppedClock(twin.controls[0]), PATIENCE_S)
        _tare(twin)
        while len(twin.faults) < faults:
            twin.pass_time(INTERVAL_S)
            tally.looks += 1
            began_s = monotonic()
            _look(twin, reader, tally)
            took_s = monotonic() - began_s
            tally.longest_s = max(tally.longest_s, took_s)
            tally.hangs += took_s > MOST_READING_S
        tally.kinds = twin.kinds
    return tally


def _look(twin: DisturbedTwin, reader: RetryingReader, tally: Tally) -> None:
    try:
        seen = reader.read(lambda: Snapshot.with_heartbeat(twin.seen)).observed
    except NoAnswer:
        tally.gaps += 1
        return
    except BenchFault:
        tally.void += 1
        _tare(twin)
        return
    true = Snapshot.at(twin.true)
    if len(twin.controls) > 1:  # another twin, which hears no heartbeats
        true = replace(true, rig=replace(true.rig, heartbeat_age_s=seen.rig.heartbeat_age_s))
    if seen == true:
        tally.right += 1
    else:
        tally.wrong += 1
        tally.told = [*tally.told[:4], f"{seen} instead of {true}"]


def _tare(twin: DisturbedTwin) -> None:
    """Set the tare while nothing flows and nothing disturbs; the balance has to be at rest for it."""
    twin.both(lambda one: one.pump.command(Command.STOP))
    twin.pass_time(3600)
    twin.both(lambda one: one.balance.tare())
    twin.both(lambda one: one.pump.command(Command.START))
