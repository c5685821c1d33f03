# SPDX-License-Identifier: Apache-2.0
"""The program watch: the program in force is read back while the pump runs, not only when it was loaded.

It is read at the first sample, once an hour after that, and at the first sample after each command. A program that is
not the one that was loaded ends the infusion: what the pump then delivers is not what anybody asked for.
"""

from bench.acceptance import Standing
from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.setting import Setting
from bench.journal import JournalLine
from bench.journal.lines import ProgramReadBack
from bench.sampling import Sample
from groundfloor.errors import NoAnswer, PumpFailure
from instruments.program import Program
from instruments.pump_feature import PumpFeature

AGAIN_AFTER_S = 3600.0
NAME = "the program in force stays the one that was loaded"


class ProgramWatch:
    """Reads the program in force of one infusion every now and then; subscribe its `on_sample` to the samples.

    Attributes:
        times: how often it was read.
    """

    def __init__(self, setting: Setting, control: PumpControl, judging: Judging) -> None:
        self.times = 0
        self._setting = setting
        self._control = control
        self._judging = judging
        self._commands = 0
        self._read_s: float | None = None
        self._failed = False
        self._lets_be_read = setting.profile.has(PumpFeature.READ_BACK)

    def on_sample(self, sample: Sample) -> None:
        """Read the program back if it is time to; once it has raised it leaves the ending alone.

        Raises:
            PumpFailure: it is not the one that was loaded.
            BenchFault: the wire changes what the pump answers.
        """
        given = len(self._control.given)
        if not self._lets_be_read:
            return
        due = self._read_s is None or sample.actual_s - self._read_s >= AGAIN_AFTER_S or given > self._commands
        if self._failed or not due:
            return
        try:
            differences = self._differences()
        except NoAnswer:
            return  # the next sample asks again
        self._commands = given
        self._note(sample.actual_s, differences)
        journal, infusion = self._setting.run.journal, self._setting.name
        journal.write(ProgramReadBack.kind, infusion=infusion, differences=list(differences))
        self._refuse(differences)

    def _differences(self) -> tuple[str, ...]:
        """Return what of the program in force is not as it was loaded; one that is being loaded may be in force."""
        bench = self._setting.bench

        def of(program: Program) -> tuple[str, ...]:
            return bench.reader.read(lambda: bench.pump.differences(program)).observed

        differences = of(self._control.program_wanted)
        taken = differences and any(not of(coming) for coming in self._control.programs_coming)
        return () if taken else differences

    def recall(self, line: JournalLine) -> None:
        """Take a reading from the journal, as if it had just been made."""
        if isinstance(line.body, ProgramReadBack):
            self._note(line.t_s, line.body.differences)

    def _note(self, at_s: float, differences: tuple[str, ...]) -> None:
        self._read_s = None if differences else at_s  # one that differed before an interruption is read again at once
        self.times += 1

    def _refuse(self, differences: tuple[str, ...]) -> None:
        if differences:
            self._failed = True
            seen = f"its read-back differs: {'; '.join(differences)}"
            self._judging.standing_required(Standing.PROGRAM, NAME, False, seen)
            raise PumpFailure("pump", "keep its program", seen, "check its firmware")

    def judge(self) -> None:
        """Judge that it was the same each time, unless it is judged already or was never read."""
        if self.times and not self._failed:
            seen = f"it was read back {self.times} times while it was in force, nothing differed"
            self._judging.standing_required(Standing.PROGRAM, NAME, True, seen)
