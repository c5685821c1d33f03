# SPDX-License-Identifier: Apache-2.0
"""What the keeper does: it waits until the bench is gone, and then does not rest before the bench is safe.

A bench that hung may wake up with a start on its way, and a gateway may deliver one late. The rig is left in its safe
state and holds the pump there. Where it cannot, the keeper looks at the pump for a while and stops it again.
"""

from collections.abc import Iterator
from dataclasses import asdict
from enum import IntEnum

from bench.devices import pump_opens_once, rig_opens_once
from bench.safety.keeper.listener import Listener
from bench.safety.keeper.log import KeeperLog
from bench.safety.keeper.rescue import BenchTaken, Rescue
from bench.safety.safe_actions import StepTaken
from groundfloor.wall_clock import Deadline, sleep_s

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 15.0
TRY_FOR_S = 900.0
"""A quarter of an hour: long enough for a switch or a controller that starts anew, not for ever."""
WATCH_S = 60.0
"""So long beyond the end of the bench's process a pump is watched that the rig does not hold."""
LOOK_EVERY_S = 1.0
"""So long, and for the way to the pump and back, such a pump may run."""


class End(IntEnum):
    """How the keeper's work ended; the number is the exit code."""

    SIGNED_OFF = 0
    MADE_SAFE = 10
    BENCH_TAKEN = 11
    GAVE_UP = 12


class Keeper:
    """Keeps one bench."""

    def __init__(self, rescue: Rescue, listener: Listener, log: KeeperLog) -> None:
        self._rescue = rescue
        self._listener = listener
        self._log = log
        self._within_s: float | None = None
        log.write("watching", fencing_token=rescue.fencing_token)
        self._opens_once = pump_opens_once(rescue.file) or rig_opens_once(rescue.file)

    def keep(self) -> End:
        """Wait for the end of the bench, and make the bench safe unless it signs off."""
        while self._listen():
            self._log.write("bench gone", why=self._why_gone(), fencing_token=self._rescue.fencing_token)
            end = self._act()
            if end is not None:
                self._log.write(end.name.lower().replace("_", " "))
                if end is End.MADE_SAFE and not (self._rescue.rig_holds_pump or self._opens_once):
                    self._watch_pump()
                return end
        self._log.write("signed off")
        return End.SIGNED_OFF

    def _listen(self) -> bool:
        """Return True when the bench is gone, False when it signs off.

        A line that cannot be opened twice is kept by a bench that is only silent, so there it is waited for.
        """
        while True:
            message = self._listener.message(None if self._opens_once else self._within_s)
            if message is None:
                return True
            if message.says == "signed_off":
                return False
            if message.says != "heartbeat":
                self._within_s = message.within_s or None

    def _why_gone(self) -> str:
        return "its process ended" if self._listener.bench_gone else f"no heartbeat came within {self._within_s:g} s"

    def _act(self) -> End | None:
        """Try until the bench is safe; return None if the bench speaks again before that."""
        patience = Deadline(TRY_FOR_S)
        for pause_s in _pauses_s():
            try:
                taken = self._rescue.attempt()
            except BenchTaken as other:
                self._log.write("stood back", seen=str(other))
                if not other.perhaps_dead or patience.passed():
                    return End.BENCH_TAKEN
                sleep_s(pause_s)
                continue
            self._log.write("attempt", steps=[_as_data(one) for one in taken])
            if all(one.fault is None for one in taken):
                return End.MADE_SAFE
            if patience.passed():
                return End.GAVE_UP
            if self._bench_speaks_within(pause_s):
                return None
        return End.GAVE_UP

    def _watch_pump(self) -> None:
        """Stop the pump again if it runs, for as long as the bench's process lives, and for `WATCH_S` more.

        A line that only one can open is closed with the process of the bench, and nothing comes over it afterwards.
        """
        self._log.write("watching the pump", beyond_the_bench_s=WATCH_S, every_s=LOOK_EVERY_S)
        left = Deadline(WATCH_S)
        while not left.passed():
            if not self._listener.bench_gone:
                left = Deadline(WATCH_S)
            try:
                if self._rescue.pump_runs():
                    taken = self._rescue.attempt()
                    self._log.write("pump ran", steps=[_as_data(one) for one in taken])
            except BenchTaken as other:
                self._log.write("stood back", seen=str(other))
                return
            if self._signed_off_within(LOOK_EVERY_S):
                break
        self._log.write("watched")

    def _signed_off_within(self, pause_s: float) -> bool:
        if self._listener.bench_gone:
            sleep_s(pause_s)
            return False
        message = self._listener.message(pause_s)
        return message is not None and message.says == "signed_off"

    def _bench_speaks_within(self, pause_s: float) -> bool:
        if self._listener.bench_gone:
            sleep_s(pause_s)
            return False
        if not self._listener.hears_within(pause_s):
            return False
        self._log.write("bench is back")
        return True


def _as_data(one: StepTaken) -> dict[str, object]:
    return {**asdict(one), "fault": None if one.fault is None else str(one.fault)}


def _pauses_s() -> Iterator[float]:
    pause_s = FIRST_PAUSE_S
    while True:
        yield pause_s
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
