# SPDX-License-Identifier: Apache-2.0
"""Which line answers which command, of a balance whose lines carry no request number.

*Fenced*, where the balance answers at least two inquiries about itself (model, serial number, version): each command is
followed by one of them, in turn, whose exact answer was learnt when the line was opened. Lines do not overtake each
other on a socket or a cable, so when that answer is here, the one line before it is the answer to the command; two
lines, none, or another one are a doubt. That is the fence of `instruments/sics/dialogue.py`, and it has its limits.

*Unfenced*, where the balance answers less than two: nothing on the wire proves that a line belongs to a request. So a
line counts only between two silences: nothing came before the request for as long as the balance takes to answer, one
line came after it, and nothing again. The first silence shows that no answer is under way, the second that what came
was not an older one, which would have left the true one behind it. Silence is twice the longest answer that was seen,
and a quarter of a second, up to the time-out. After a doubt an answer may still be under way: then nothing must come
for a whole time-out, and one weight is asked for and thrown away, also between two silences: a leftover that comes
even later pushes all answers back by one, and shows as one line too many. This rests on one *assumption*: a balance
answers within twice the time-out or never. So `timeout_s` of the bench file must be longer than the balance's slowest
answer, and commands that wait for a stable load are not used at all: their answers may come any time.

Where the balance tells its tare, that answer is one more fence: it is fixed from one tare to the next, and a balance
that has restarted gives another one, so the reading behind it is refused and the restart is found.

Neither kind lets half a line through: a line is read as a whole, and all weights of one balance are as long as the
first one. What can still slip through, because nothing tells it apart: a foreign weight line in place of a lost answer,
and a digit that was changed into another. No dialect here has a checksum.

A balance that prints by itself is asked to stop; one that goes on is refused.
"""

from collections.abc import Callable
from itertools import cycle
from typing import TypeVar

from groundfloor.errors import BenchFault, NoAnswer
from groundfloor.wall_clock import Deadline, monotonic_s
from instruments.balances.dialect import Dialect, Fact, Inquiry, Step
from instruments.balances.weight_line import NotALine, Trouble, WeightLine
from instruments.sics.unsolicited_lines import UnsolicitedLines
from instruments.visa.line import LineFault, LineLost, LineSilent, VisaLine

T = TypeVar("T")
Explain = Callable[[VisaLine], str]
"""Says in words what speaks on a line that did not answer as it should; empty if nothing could be found out."""

_OPEN_TRIES = 2
FIRST_WAIT = 0.6
"""Of the time-out: this and the search for who speaks there are over within 5 s at the usual 2 s."""
_LEARN_TRIES = 3
_LEAST_FENCES = 2
_LEAST_INQUIRY_S = 0.3
_SLOWER = 5.0
"""An inquiry may take this many times as long as a weight; a balance that does not know it is silent."""
_SILENCE = 2.0
_UNFENCED = 5.0
"""Times the least silence, 0.25 s: longer than from one measurement of a balance to the next, whenever it is asked."""
_DRAIN_LIMIT = 5
LISTEN = 7.0
"""Times the least silence, 0.35 s: longer than the time between two lines of a balance that prints all it weighs."""
_A_STREAM = 2
_SHOWN_LINES = 3
_NOBODY_ELSE = "see that nobody else uses this line"


class ReplyDoubtful(LineFault):
    """What came cannot be told to be the answer to what was asked."""


class PrintsByItself(BenchFault):
    """The balance prints without being asked, and does not stop."""


class PlainDialogue:
    """Commands to one balance, one at a time, each with its own answer or an error.

    Attributes:
        in_step: whether the last command was answered beyond doubt and nothing else came; if not, `resynchronise`.
        fenced: whether each answer is proved by an inquiry.
        was_silent: it did not answer at some time since somebody last looked whether it has restarted.
        told: what the balance told about itself when the line was opened.
        unsolicited: lines, or halves of lines, that answered nothing.
    """

    def __init__(
        self, line: VisaLine, dialect: Dialect, *, asset: str, timeout_s: float, quiet_s: float, explain: Explain
    ) -> None:
        self._line = line
        self._dialect = dialect
        self._asset = asset
        self._timeout_s = timeout_s
        self._least_quiet_s = quiet_s
        self._explain = explain
        self._slowest_s = 0.0
        self._inquiries: list[tuple[bytes, bytes]] = []
        self._fences = cycle([(b"", b"")])
        self.in_step = False
        self.fenced = False
        self.was_silent = False
        self.told: dict[Fact, str] = {}
        self.unsolicited = UnsolicitedLines(asset)

    # --- open ---------------------------------------------------------------------------------------------------------

    def establish(self) -> None:
        """See that this dialect is spoken here, that nothing is printed unasked, and learn who the balance is.

        Raises:
            BenchFault: another language is spoken, or it prints by itself; the line that came is told.
            NoAnswer: nothing answers.
        """
        for attempt in range(1, _OPEN_TRIES + 1):
            try:
                if attempt > 1 or not self._line.is_open:  # half a command may stand in the old connection
                    self._line.reconnect()
                self._learn()
            except LineFault as fault:
                self._refuse_another_language(fault)
                if attempt == _OPEN_TRIES:
                    raise
            else:
                self.was_silent = False
                return

    def _refuse_another_language(self, fault: LineFault) -> None:
        try:
            who = self._explain(self._line) if self._line.is_open else ""
        except LineFault:
            return
        if who:
            raise BenchFault(self._asset, "identify", who, "see docs/how-to/balances.md") from fault

    def _learn(self) -> None:
        if self._dialect.hush:
            self._begin_anew(self._least_quiet_s)
        else:
            self._refuse_printing()
        weight = self._first_weight()
        if weight.trouble is Trouble.STANDBY:
            raise BenchFault(self._asset, "identify", "it is in standby", "switch it on and let it warm up")
        self._refuse_printing()
        known: dict[Fact, tuple[Inquiry, bytes]] = {}
        for fact, inquiry in self._dialect.inquiries.items():
            line = self._fixed_answer(inquiry)
            if line is not None:
                known[fact] = inquiry, line
        self.unsolicited = UnsolicitedLines(self._asset)  # what is counted came after the line was opened
        self.told = {fact: inquiry.read(line) or "" for fact, (inquiry, line) in known.items()}
        by_line = {line: inquiry.command for inquiry, line in known.values()}  # two alike could not be told apart
        self._inquiries = [(command, line) for line, command in by_line.items()]
        self.fenced = len(self._inquiries) >= _LEAST_FENCES
        self.watch_tare(b"")
        self.in_step = True

    def _first_weight(self) -> WeightLine:
        self._line.send(self._dialect.weigh)
        began_s = monotonic_s()
        line = self._line.receive(Deadline(FIRST_WAIT * self._timeout_s))
        self._slowest_s = max(self._slowest_s, monotonic_s() - began_s)
        weight = self._parsed(self._dialect.weigh, self._dialect.read_weight, line)
        if weight.trouble is Trouble.REFUSED:  # other makes have the same word for what they do not know
            raise self._doubt(self._dialect.weigh, [line])
        return weight

    def _refuse_printing(self) -> None:
        quiet_s = LISTEN * self._least_quiet_s
        lines = self._line.drain(quiet_s, _DRAIN_LIMIT * quiet_s)
        if len(lines) < _A_STREAM:
            self._note(lines)
            return
        raise PrintsByItself(
            self._asset,
            "listen",
            f"it prints without being asked: {lines[0]!r}, {len(lines)} lines in a moment",
            "set it to print on request only (menu: printing, data output)",
        )

    def _fixed_answer(self, inquiry: Inquiry) -> bytes | None:
        """Return the answer that came twice alike; None where the balance does not know the inquiry."""
        before: bytes | None = None
        silent = 0
        limit_s = min(self._timeout_s, max(_LEAST_INQUIRY_S, _SLOWER * self._slowest_s))
        for _ in range(2 * _LEARN_TRIES):
            self._note(self._line.drain(self._least_quiet_s, _DRAIN_LIMIT * self._least_quiet_s))
            self._line.send(inquiry.command)
            try:
                line = self._line.receive(Deadline(limit_s))
                known = inquiry.read(line) is not None
            except LineSilent:
                silent += 1
                if silent == _LEARN_TRIES:
                    return None
                continue
            except NotALine:
                self._note([line])
                continue
            if line == before:
                return line if known else None
            before = line
        return None

    def watch_tare(self, line: bytes) -> None:
        """Take the exact answer that tells the tare as a fence; empty for none."""
        tare = [(self._dialect.tare_memory, line)] if line else []
        self._fences = cycle([*self._inquiries, *tare] or [(b"", b"")])

    # --- one command --------------------------------------------------------------------------------------------------

    def ask(self, command: bytes, parse: Callable[[bytes], T]) -> T:
        """Send `command` and return what `parse` makes of the one line that answers it.

        Raises:
            LineFault: no answer, or no answer that is beyond doubt; `in_step` is then False.
        """
        self.in_step = False
        try:
            line = self._fenced_answer(command) if self.fenced else self._answer_between_silences(command)
        except (LineSilent, LineLost):
            self.was_silent = True
            raise
        answer = self._parsed(command, parse, line)
        self.in_step = True
        return answer

    def order(self, command: bytes, limit_s: float) -> list[Step | Trouble]:
        """Send a command that moves something; return what the balance acknowledged, in order.

        Nothing proves here that it was done, and nothing is raised where the line falls out of step: whoever orders
        something looks for its effect.

        Raises:
            LineFault: the dialect acknowledges each order, and no last word came within `limit_s`.
        """
        self.in_step = False
        self.watch_tare(b"")  # this may change it
        steps: list[Step | Trouble] = []
        try:
            if self._line.pending():
                self._note(self._drain())
            self._line.send(command)
            deadline = Deadline(limit_s)
            while self._dialect.confirms and not _is_last(steps):
                steps += self._steps([self._line.receive(deadline)])
        except (LineSilent, LineLost):
            self.was_silent = True
            raise
        try:
            silence_s = self._silence_s()  # one command at a time, also where the first has no answer
            steps += self._steps(self._line.drain(silence_s, _DRAIN_LIMIT * silence_s))
            if self.fenced:
                steps += self._steps(self._lines_before_fence())
            self.in_step = True
        except (LineSilent, LineLost):
            self.was_silent = True
        return steps

    def pause(self) -> None:
        """Let a moment of wall time pass."""
        self._note(self._line.drain(self._silence_s(), self._silence_s()))

    def resynchronise(self) -> None:
        """Throw away what is under way and start from a known point, over a new connection if need be.

        Raises:
            NoAnswer: the balance cannot be reached.
        """
        self.in_step = False
        self.watch_tare(b"")  # a balance that has restarted would never find its step by it
        try:
            self._find_step(reconnect=not self._line.is_open)
        except LineFault as first:
            self.was_silent = self.was_silent or isinstance(first, LineSilent | LineLost)
            try:
                self._find_step(reconnect=True)
            except LineFault as fault:
                self.was_silent = True
                raise NoAnswer(fault.asset, "find the way back into step", fault.seen, fault.next_step) from fault
        self.in_step = True

    def _find_step(self, *, reconnect: bool) -> None:
        if reconnect:
            self._line.reconnect()
        if not self.fenced:
            self._begin_anew(self._timeout_s)
            line = self._answer_between_silences(self._dialect.weigh)
            self._parsed(self._dialect.weigh, self._dialect.read_weight, line)
            return
        self._begin_anew(self._silence_s())
        self._note(self._lines_before_fence())
        self._note(self._drain())  # the answer may have been that to an older fence: then another one follows
        left = self._lines_before_fence()
        if left:
            raise self._doubt(b"fence", left)

    def _begin_anew(self, quiet_s: float) -> None:
        if self._dialect.hush:
            self._line.send(self._dialect.hush)
        self._note(self._line.drain(quiet_s, 2 * quiet_s + _DRAIN_LIMIT * self._least_quiet_s))

    def _fenced_answer(self, command: bytes) -> bytes:
        if self._line.pending():
            self._note(self._drain())
        self._line.send(command)
        began_s = monotonic_s()
        line = self._line.receive(Deadline(self._timeout_s))
        self._slowest_s = max(self._slowest_s, monotonic_s() - began_s)
        left = self._lines_before_fence()
        if left:
            raise self._doubt(command, [line, *left])
        return line

    def _answer_between_silences(self, command: bytes) -> bytes:
        before = self._drain()
        if before:
            raise self._doubt(command, before)
        self._line.send(command)
        began_s = monotonic_s()
        line = self._line.receive(Deadline(self._timeout_s))
        self._slowest_s = max(self._slowest_s, monotonic_s() - began_s)
        after = self._drain()
        if after:
            raise self._doubt(command, [line, *after])
        return line

    def _lines_before_fence(self) -> list[bytes]:
        command, expected = next(self._fences)
        self._line.send(command)
        deadline = Deadline(self._timeout_s)
        others = []
        while (line := self._line.receive(deadline)) != expected:
            others.append(line)
        return others

    def _steps(self, lines: list[bytes]) -> list[Step | Trouble]:
        steps: list[Step | Trouble] = []
        for line in lines:
            step = self._dialect.read_step(line)
            if step is None:
                self._note([line])
            else:
                steps.append(step)
        return steps

    def _silence_s(self) -> float:
        least_s = self._least_quiet_s if self.fenced else _UNFENCED * self._least_quiet_s
        return min(least_s + _SILENCE * self._slowest_s, self._timeout_s)

    def _drain(self) -> list[bytes]:
        quiet_s = self._least_quiet_s if self.fenced else self._silence_s()
        return self._line.drain(quiet_s, _DRAIN_LIMIT * quiet_s)

    def _parsed(self, command: bytes, parse: Callable[[bytes], T], line: bytes) -> T:
        try:
            return parse(line)
        except NotALine as error:
            raise self._doubt(command, [line]) from error

    def _doubt(self, operation: bytes, lines: list[bytes]) -> ReplyDoubtful:
        """Note `lines` as foreign and return the error that says so."""
        self.in_step = False
        self._note(lines)
        more = f" and {len(lines) - _SHOWN_LINES} more" if len(lines) > _SHOWN_LINES else ""
        seen = f"not the answer of a {self._dialect.name}: {lines[:_SHOWN_LINES]}{more}"
        return ReplyDoubtful(self._asset, repr(operation)[2:-1], seen, _NOBODY_ELSE)

    def _note(self, lines: list[bytes]) -> None:
        for line in lines:
            self.unsolicited.take(line)


def _is_last(steps: list[Step | Trouble]) -> bool:
    return bool(steps) and steps[-1] is not Step.UNDER_WAY
