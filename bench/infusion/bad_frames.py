# SPDX-License-Identifier: Apache-2.0
"""Frames of a bad link: an answer that is lost, a command that comes again, too late or by chance.

What was carried out shows in the pump's own registers, so nothing is sent a second time to find out. A frame under a
number that was used already must change nothing at all.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.journal import Result
from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from instruments.command_frames import frames_of
from instruments.pump import Command, CommandResult, PumpState
from instruments.session_code import ShownCode, sends_unproven

Send = Callable[[], None]
SAME = ("state", "rate_ul_per_h", "alarms", "alarm_log_count", "bolus_log_count")
"""What a frame that must not count leaves as it is."""
AFTER = {Command.START: PumpState.INFUSING, Command.STOP: PumpState.STOPPED}
"""What shows that a command was carried out whose answer is lost."""
MOST_BEHIND = 1000


@dataclass(frozen=True)
class OldFrame:
    """A command under a number that was used already.

    Attributes:
        command: which.
        behind: so many commands before the last one; 0 for the number of the last.
        argument: of the command.
    """

    command: Command
    behind: int
    argument: float = 0.0


@dataclass(frozen=True)
class UnprovenFrame:
    """A command that is due, from a sender that does not show the pump's session code.

    Attributes:
        command: which.
        shown: what it shows in its place.
        argument: of the command.
    """

    command: Command
    shown: ShownCode
    argument: float = 0.0


def random_frames(count: int, seed: int) -> tuple[OldFrame, ...]:
    """Return frames that chance makes of commands, all under numbers that were used."""
    drawn = random.Random(seed)  # noqa: S311 - no secret
    return tuple(
        OldFrame(drawn.choice(list(Command)), drawn.randrange(MOST_BEHIND), drawn.uniform(0.0, 1000.0))
        for _ in range(count)
    )


class BadFrames:
    """Sends to the pump of one infusion what a bad link makes of its commands."""

    def __init__(self, setting: Setting, session: SamplingSession, control: PumpControl, judging: Judging) -> None:
        self._setting = setting
        self._session = session
        self._activities = setting.activities
        self._control = control
        self._judging = judging

    def lose_the_answer(self, declared: str, command: Command) -> None:
        """Give a start or a stop whose answer is lost; judge that the pump's state tells that it was carried out.

        Args:
            declared: the name under which the test declared it.
            command: start or stop.

        Raises:
            PlanError: it is neither.
            BenchFault: the pump's driver cannot send it so.
            Inconclusive: the run was interrupted meanwhile.
        """
        if command not in AFTER:
            raise PlanError(self._setting.name, f"lose the answer to {command}", "no state tells of it", "start, stop")
        link = frames_of(self._setting.bench.pump)
        found = self._sent(f"{command}, its answer lost", lambda: link.send_unread(command))
        after, schedule = found["after"], self._setting.schedule
        done = after["state"] == AFTER[command]
        seen = f"its state is {after['state']}, its rate {after['rate_ul_per_h']:g} µL/h"
        self._judging.judge_that(declared, done, seen, f"{command} whose answer is lost", "a lost answer")
        if done:
            self._control.note_given(command, CommandResult.ACCEPTED, {**after, **_times(found)})
            note = schedule.start if command is Command.START else schedule.stop
            note(after["device_clock_s"])
        self._session.watch_closely()

    def send_old_frames(self, declared: str, frames: Sequence[OldFrame], name: str) -> None:
        """Send commands under numbers that were used; judge that the pump does as before.

        Args:
            declared: the name under which the test declared it.
            frames: what is sent.
            name: what a person calls it.

        Raises:
            BenchFault: the pump's driver cannot send them.
            Inconclusive: the run was interrupted meanwhile.
        """

        def send() -> None:
            link = frames_of(self._setting.bench.pump)
            for one in frames:
                link.send_again(one.command, one.argument, one.behind)

        self._judge_same(declared, len(frames), self._sent(name, send), name, "frames under old numbers")

    def send_unproven_frames(self, declared: str, frames: Sequence[UnprovenFrame], name: str) -> None:
        """Send commands that are due and do not show the session code; judge that the pump does as before.

        Args:
            declared: the name under which the test declared it.
            frames: what is sent.
            name: what a person calls it.

        Raises:
            BenchFault: the pump's driver cannot send them.
            Inconclusive: the run was interrupted meanwhile.
        """

        def send() -> None:
            link = sends_unproven(self._setting.bench.pump)
            for one in frames:
                link.send_unproven(one.command, one.shown, one.argument)

        self._judge_same(declared, len(frames), self._sent(name, send), name, "frames without the session code")

    def _judge_same(self, declared: str, count: int, found: Result, name: str, what: str) -> None:
        before, after = found["before"], found["after"]
        changed = [f"{key} was {before[key]} and is {after[key]}" for key in SAME if before[key] != after[key]]
        seen = f"{count} frames were sent; {'; '.join(changed) or 'nothing changed'}"
        self._judging.judge_that(declared, not changed, seen, name, what)

    def _sent(self, name: str, send: Send) -> Result:
        self._setting.step(name)
        resumed = self._activities.replaying
        self._activities.do("frames begun", dict)
        return self._activities.do(
            "frames", lambda: self._around(send, resumed=resumed), name, infusion=self._setting.name
        )

    def _around(self, send: Send, *, resumed: bool) -> Result:
        if resumed:
            seen = "the run was interrupted while frames were sent, and nobody knows which"
            raise Inconclusive("pump", "send frames as a bad link makes them", seen, "run this test again")
        clock, before = self._setting.bench.clock, self._control.found()
        sent_s = clock.now_s()
        send()
        return {"before": before, "sent_s": sent_s, "answered_s": clock.now_s(), "after": self._control.found()}


def _times(found: Result) -> Result:
    return {"sent_s": found["sent_s"], "answered_s": found["answered_s"]}
