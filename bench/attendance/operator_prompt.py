# SPDX-License-Identifier: Apache-2.0
"""A prompt to the operator of a run: at the terminal and in the run folder at once; whoever answers first counts.

Each prompt stands in the journal with what was asked, who answered, by which way and when; so does one that nobody
answered in its time.
"""

from collections.abc import Callable

from bench.attendance.file_attendant import FileAttendant
from bench.attendance.terminal_attendant import TerminalAttendant
from groundfloor.wall_clock import utc_now

Note = Callable[[str, dict[str, str]], None]
"""Takes what kind of event it is, and its fields."""


class OperatorPrompt:
    """The `Attendant` of a run that an operator watches over.

    Args:
        operator: who answers at the terminal.
        terminal: of the run.
        file: of the run's folder.
        note: writes the journal.
    """

    def __init__(self, operator: str, terminal: TerminalAttendant, file: FileAttendant, note: Note) -> None:
        self._operator = operator
        self._terminal = terminal
        self._file = file
        self._note = note
        self._request = ""

    def ask(self, request: str) -> bool:
        """Show a request both ways; tell whether there is anybody to read it."""
        self._request = request
        shown = [self._terminal.ask(request), self._file.ask(request)]
        self._note("operator-asked", {"title": f"Operator, please: {request}"})
        return any(shown)

    def answered(self) -> bool:
        """Tell whether somebody said, by either way, that it is done."""
        if self._terminal.answered():
            self._file.give_up()
            return self._done(self._operator, "terminal", utc_now().isoformat())
        if self._file.answered() and (answer := self._file.answer) is not None:
            self._terminal.give_up()
            return self._done(answer.by, answer.way, answer.at_utc.isoformat())
        return False

    def give_up(self) -> None:
        """Ask no more, and write down that nobody answered."""
        self._terminal.give_up()
        self._file.give_up()
        self._note("operator-silent", {"title": f"Nobody answered in time: {self._request}"})

    def _done(self, by: str, way: str, at_utc: str) -> bool:
        fields = {"title": f"{by} says that it is done: {self._request}", "by": by, "way": way, "answered_utc": at_utc}
        self._note("operator-answered", fields)
        return True
