# SPDX-License-Identifier: Apache-2.0
"""Which line answers which command, in a language whose lines carry no request number.

A reply that comes late or twice looks like the answer to the next command. So every command is followed by a *fence*:
an inquiry of fixed content (`I2`, `I3`, … in turn; never `I4`, which a balance also sends by itself when it powers up)
whose exact reply is known since the line was opened. Lines do not overtake each other on a socket or a cable. So when
the fence's reply is here, everything that was sent before it is here, and the one line before it is the answer.
Two lines, none, a wrong fence, anything else: the answer is thrown away, and `resynchronise` starts from a known point.

What can still slip through, because nothing on the wire tells it apart:

- The answer is lost *and*, before the fence's reply, one foreign well-formed line of the same family takes its place: a
  print-key or `SIR` line, or an old line by a wire that does not keep the order.
- A plain line whose digits were changed into other digits, or blanks into digits, or two weight lines spliced digit by
  digit. `SIC1` sees that, except for 1 in 65536 of changes longer than 16 bits.
"""

from collections.abc import Callable
from itertools import cycle
from typing import TypeVar

from groundfloor.errors import BenchFault, NoAnswer
from groundfloor.wall_clock import Deadline
from instruments.balance import BalanceRestarted
from instruments.sics.reply import NotAReply, is_unknown_command, parse_accepted, tells_restart
from instruments.sics.unsolicited_lines import UnsolicitedLines
from instruments.visa.line import LineFault, VisaLine

T = TypeVar("T")

_FENCES = (b"I2", b"I3", b"I5", b"I11")
_LEARN_TRIES = 3
_DRAIN_LIMIT = 5  # times the quiet time: a stream that never pauses is ended by `@`, not waited for
_SHOWN_LINES = 3
"""Of those that a message names; a balance that streams sends hundreds."""


class ReplyDoubtful(LineFault):
    """What came cannot be told to be the answer to what was asked."""


class SicsDialogue:
    """Commands to one balance, one at a time, each with its own answer or an error.

    Attributes:
        in_step: whether the last command and its fence were answered and nothing else came; if not, resynchronise.
        unsolicited: lines, or halves of lines, that answered nothing.
        inquiries: the exact replies learnt at open, by command.
    """

    def __init__(self, line: VisaLine, *, asset: str, timeout_s: float, quiet_s: float) -> None:
        self._line = line
        self._asset = asset
        self._timeout_s = timeout_s
        self._quiet_s = quiet_s
        self._greeting = b""
        self._greetings_due = 0
        self._fences = cycle([(b"I4", b"")])
        self._resynchronising = False
        self._ahead: tuple[bytes, Deadline] | None = None
        self.in_step = False
        self.unsolicited = UnsolicitedLines(asset)
        self.inquiries: dict[bytes, bytes] = {}

    def establish(self, explain: Callable[[VisaLine], str] | None = None) -> None:
        """Reset the balance (`@`) and learn its serial number and the fences.

        `explain` is asked, once, what speaks on a line that does not answer as it should.

        Raises:
            BenchFault: it does not answer, or not twice alike, or speaks another language.
        """
        trouble: BenchFault | None = None
        for _ in range(_LEARN_TRIES):
            try:
                if trouble is not None or not self._line.is_open:  # half a command may stand in the old connection
                    self._line.reconnect()
                self._learn()
            except (LineFault, BalanceRestarted) as fault:
                if trouble is None and explain is not None and self._line.is_open:
                    self._refuse_another_language(explain, fault)
                trouble = fault
            else:
                return
        assert trouble is not None  # the loop leaves here only after a fault
        raise trouble

    def _refuse_another_language(self, explain: Callable[[VisaLine], str], fault: BenchFault) -> None:
        try:
            who = explain(self._line)
        except LineFault:
            return  # the next attempt connects anew
        if who:
            raise BenchFault(self._asset, "identify", who, "see docs/how-to/balances.md") from fault

    def ask_ahead(self, command: bytes) -> None:
        """Send `command` if the line is in step and silent; it is out of step until `answer_ahead` is called."""
        self._ahead = None
        try:
            if not self.in_step or self._line.pending():
                return
            self.in_step = False
            self._line.send(command)
        except LineFault:
            self.in_step = False  # whoever asks next finds the line broken, and restores it
        else:
            self._ahead = command, Deadline(self._timeout_s)

    def is_ahead(self, command: bytes) -> bool:
        """Tell whether the answer to `command` is on its way."""
        return self._ahead is not None and self._ahead[0] == command

    def answer_ahead(self, parse: Callable[[bytes], T]) -> T:
        """Return what `parse` makes of the answer to the command that was sent ahead, as `ask` does.

        Raises:
            LineFault, BalanceRestarted: as for `ask`.
        """
        assert self._ahead is not None  # `is_ahead` has told so
        (command, deadline), self._ahead = self._ahead, None
        return self._parsed(command, parse, self._answered(command, deadline, several=False)[0])

    def ask(self, command: bytes, parse: Callable[[bytes], T], limit_s: float | None = None) -> T:
        """Send `command` and return what `parse` makes of the one line that answers it.

        `limit_s` bounds the wait for the answer (default: the line's time-out); the fence has the time-out of its own.

        Raises:
            LineFault: no answer, or no answer that is beyond doubt; `in_step` is then False.
            BalanceRestarted: the balance told by itself that it has powered up.
        """
        line = self._exchange(command, limit_s, several=False)[0]
        return self._parsed(command, parse, line)

    def ask_lines(self, command: bytes) -> list[bytes]:
        """Send `command` and return all lines of its answer: those of status `B`, then the last one.

        Raises:
            LineFault: as for `ask`.
            BalanceRestarted: as for `ask`.
        """
        return self._exchange(command, None, several=True)

    def ask_late(self, command: bytes, begun: Callable[[bytes], bool], wait: Callable[[], bool]) -> bytes:
        """Send a command that is answered when it begins and once more when it is over; return the last answer.

        No fence follows the first answer: until the second one the balance takes no other command.

        Args:
            command: what to send.
            begun: tells whether a line is the first answer; any other one is the only one.
            wait: lets a moment pass; False when nobody wants to wait longer.

        Raises:
            LineFault: as for `ask`, or it was not over in time.
            BalanceRestarted: as for `ask`.
        """
        self.in_step = False
        if self._line.pending():
            self._note(self._drain())
        self._line.send(command)
        line = self._line.receive(Deadline(self._timeout_s))
        if begun(line):
            while not self._line.pending():
                if not wait():
                    raise LineFault(self._asset, command.decode(), "it began and was not over in time", "ask again")
            line = self._line.receive(Deadline(self._timeout_s))
        if tells_restart(line):
            self._note([line])
        self._pass_fence(command)
        self.in_step = True
        return line

    def resynchronise(self) -> None:
        """Throw away what is under way and start from a known point, over a new connection if need be.

        The answer to `@` looks like the power-up line, and a wire can repeat it. So one more of it tells nothing here:
        whoever calls this has to look by other means whether the balance has restarted (`ZeroWatch.confirm`).

        Raises:
            NoAnswer: the balance cannot be reached.
            BalanceRestarted: another balance answers.
        """
        self.in_step, self._ahead = False, None
        self._resynchronising = True
        try:
            self._resynchronise()
        finally:
            self._resynchronising = False

    def _resynchronise(self) -> None:
        try:
            self._reset(reconnect=not self._line.is_open)
        except LineFault:
            try:
                self._reset(reconnect=True)
            except LineFault as fault:
                raise NoAnswer(fault.asset, "find the way back into step", fault.seen, fault.next_step) from fault

    def _learn(self) -> None:
        self._note_all(self._drain())
        self._line.send(b"@")
        deadline = Deadline(self._timeout_s)
        while not tells_restart(greeting := self._line.receive(deadline)):
            self._note_all([greeting])
        self._note_all(self._drain())  # late answers to an earlier `@`; nothing depends on the zero yet
        self._greeting = greeting
        self._fences = cycle([(b"I4", greeting)])
        self._pass_fence(b"@")
        known = [(command, reply) for command in _FENCES if (reply := self._learn_inquiry(command))]
        if len(known) < 2:  # with one fence its own repeat would pass for the next one
            raise BenchFault(self._asset, "identify", "I2 and I3 are not both answered", "use an MT-SICS balance")
        self.inquiries = {b"I4": greeting, **dict(known)}
        self._fences = cycle(known)
        self.in_step = True

    def _learn_inquiry(self, command: bytes) -> bytes | None:
        """Ask twice, so that a damaged or foreign line cannot become the pattern for all that follows."""
        reply = self.ask(command, bytes)
        if is_unknown_command(reply) and self.ask(command, is_unknown_command):
            return None
        if self.ask(command, bytes) != reply:
            raise self._doubt(command, [reply])
        self._parsed(command, lambda line: parse_accepted(line, command.decode()), reply)
        return reply

    def _parsed(self, command: bytes, parse: Callable[[bytes], T], line: bytes) -> T:
        try:
            return parse(line)
        except NotAReply as error:
            raise self._doubt(command, [line]) from error

    def _exchange(self, command: bytes, limit_s: float | None, *, several: bool) -> list[bytes]:
        self.in_step, self._ahead = False, None
        if self._line.pending():
            self._note(self._drain())
        self._line.send(command)
        deadline = Deadline(self._timeout_s if limit_s is None else limit_s)
        return self._answered(command, deadline, several=several)

    def _answered(self, command: bytes, deadline: Deadline, *, several: bool) -> list[bytes]:
        lines = [self._line.receive(deadline)]
        while several and lines[-1].split(b" ", 2)[1:2] == [b"B"]:
            lines.append(self._line.receive(deadline))
        if any(tells_restart(line) for line in lines):
            self._note(lines)
        self._pass_fence(command)
        self.in_step = True
        return lines

    def _drain(self) -> list[bytes]:
        return self._line.drain(self._quiet_s, _DRAIN_LIMIT * self._quiet_s)

    def _pass_fence(self, operation: bytes) -> None:
        command, expected = next(self._fences)
        self._line.send(command)
        deadline = Deadline(self._timeout_s)
        others = []
        while (line := self._line.receive(deadline)) != expected:
            others.append(line)
        if others:
            raise self._doubt(operation, others)

    def _reset(self, *, reconnect: bool) -> None:
        if reconnect:
            self._line.reconnect()
        self._note(self._drain())
        self._greetings_due += 1
        self._line.send(b"@")
        deadline = Deadline(self._timeout_s)
        while (line := self._line.receive(deadline)) != self._greeting:
            self._note([line])
        self._greetings_due -= 1
        if self._greetings_due:  # this may have been the late answer to an earlier `@`; then another one follows
            self._note(self._drain())
        self._pass_fence(b"@")
        self._greetings_due = 0
        self.in_step = True

    def _doubt(self, operation: bytes, lines: list[bytes]) -> ReplyDoubtful:
        """Note `lines` as foreign and return the error that says so."""
        self.in_step = False
        self._note(lines)
        return ReplyDoubtful(
            self._asset,
            operation.decode(),
            f"not the answer: {_in_short(lines)}",
            "see that nobody else uses this line",
        )

    def _note(self, lines: list[bytes]) -> None:
        self._note_all(lines)
        restarts = [line for line in lines if tells_restart(line)]
        if self._resynchronising:
            restarts = [line for line in restarts if line != self._greeting]
        if restarts:
            self.in_step = False
            raise BalanceRestarted(
                self._asset,
                "listen",
                f"the balance told that it has powered up: {restarts[0]!r} (at open it was {self._greeting!r})",
                "zero and tare are gone: find out why, then tare and start the run anew",
            )

    def _note_all(self, lines: list[bytes]) -> None:
        for line in lines:
            self.unsolicited.take(line)


def _in_short(lines: list[bytes]) -> str:
    more = f" and {len(lines) - _SHOWN_LINES} more" if len(lines) > _SHOWN_LINES else ""
    return f"{lines[:_SHOWN_LINES]}{more}"
