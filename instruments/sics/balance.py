# SPDX-License-Identifier: Apache-2.0
"""A precision balance that speaks MT-SICS, over PyVISA.

Every answer is taken through `dialogue.py`, which lets no line pass that is not beyond doubt the answer to what
was asked. A *reading* that failed is asked for again, at most twice, after the line was brought back into step. Zero
and tare move something, so they are never repeated: in doubt the tare memory tells what was done. All readings between
two zero or tare commands share one zero, or an error is raised (`zero_watch.py`).
Where the balance offers `SIC1`, every mass that is given out has a checksum; a stable one is then waited for with `S`
and read with `SIC1`.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from decimal import Decimal
from itertools import count
from typing import Self, TypeVar

from groundfloor.errors import BenchFault
from groundfloor.wall_clock import Deadline
from instruments.balance import BalanceBusy, BalanceIdentity, BalanceRestarted, MassReading
from instruments.balance_access import BalanceAccess
from instruments.internal_test import InternalTest
from instruments.sics import internal_test
from instruments.sics.dialogue import ReplyDoubtful, SicsDialogue
from instruments.sics.identity import read_identity
from instruments.sics.refusal import refusal
from instruments.sics.reply import NotAReply, ReplyKind, WeightReply, in_grams, parse_weight
from instruments.sics.settings import refuse_unfit_settings
from instruments.sics.temperatures import read_temperatures_c
from instruments.sics.zero_watch import ZeroWatch
from instruments.visa.line import LineFault, VisaLine

T = TypeVar("T")

_TRIES = 3
_RETRY_BUDGET = 6  # times the line's time-out, on top of the first wait
_STABLE, _DYNAMIC, _DONE = ReplyKind.STABLE, ReplyKind.DYNAMIC, ReplyKind.DONE
_DAMAGED = frozenset({ReplyKind.SYNTAX_ERROR, ReplyKind.TRANSMISSION_ERROR})
"""Said of an unknown command, and just so of one that was damaged on its way."""


def _parse_now(line: bytes) -> WeightReply:
    return parse_weight(line, "S", _STABLE, _DYNAMIC)


def _parse_stable(line: bytes) -> WeightReply:
    return parse_weight(line, "S", _STABLE)


def _parse_checked(line: bytes) -> WeightReply:
    return parse_weight(line, "SIC1", _STABLE, _DYNAMIC)


def _parse_tare_memory(line: bytes) -> WeightReply:
    reply = parse_weight(line, "TA", _DONE)
    if reply.kind not in (*_DAMAGED, ReplyKind.LOGICAL):
        in_grams(reply)  # anything else that is no mass is not the answer
    return reply


def _tare_g(reply: WeightReply) -> Decimal | None:
    return in_grams(reply) if reply.value is not None else None


class SicsBalance:
    """One MT-SICS balance; see `instruments.balance.Balance` for what its verbs mean.

    Attributes:
        checksummed: whether masses are read with `SIC1`.
    """

    def __init__(
        self, line: VisaLine, *, asset: str, timeout_s: float, stable_timeout_s: float, quiet_s: float
    ) -> None:
        self._line = line
        self._asset = asset
        self._timeout_s = timeout_s
        self._stable_timeout_s = stable_timeout_s
        self._dialogue = SicsDialogue(line, asset=asset, timeout_s=timeout_s, quiet_s=quiet_s)
        self._lock = threading.Lock()
        self._identity: BalanceIdentity | None = None
        self._unit = ""
        self._zero = ZeroWatch(asset, tare_is_volatile=True)
        self._unconfirmed = False
        self._tells_tare = False
        self._closed = False
        self.checksummed = False

    @classmethod
    def open(
        cls,
        access: BalanceAccess,
        *,
        use_checksum: bool | None = None,
        quiet_s: float = 0.05,
        asset: str = "balance",
        explain: Callable[[VisaLine], str] | None = None,
    ) -> Self:
        """Open the line, identify the balance, and refuse one whose settings would falsify a run.

        Args:
            access: how it is reached; a serial line is 9600 8N1 unless told otherwise.
            use_checksum: read with `SIC1`; None asks the balance whether it knows it.
            quiet_s: how long nothing must come for the line to count as drained.
            asset: the name in error messages.
            explain: finds out who speaks on a line that does not answer in MT-SICS; empty if it cannot.

        Raises:
            BenchFault: nothing answers, or the balance is not fit.
            PlanError: the resource is no such name.
        """
        timeout_s, stable_timeout_s = access.timeout_s, access.stable_timeout_s
        line = VisaLine(access.resource, asset=asset, open_timeout_s=2 * timeout_s, serial=access.serial)
        balance = cls(line, asset=asset, timeout_s=timeout_s, stable_timeout_s=stable_timeout_s, quiet_s=quiet_s)
        try:
            balance._begin_at_last(access, use_checksum, explain)
        except BaseException:
            balance.close()
            raise
        return balance

    @property
    def unsolicited_count(self) -> int:
        """Lines since open that answered nothing: print key, leftovers of a stream, damaged or late lines."""
        return self._dialogue.unsolicited.count

    def identify(self) -> BalanceIdentity:
        """Return who the balance said it was when the line was opened."""
        assert self._identity is not None  # open() gives out no balance without
        return self._identity

    def read_mass_g(self) -> MassReading:
        """Return the mass of this moment, stable or not.

        Raises:
            BenchFault: there is no answer beyond doubt, or the zero is not known any more.
        """
        with self._at_work("read the mass"):
            self._zero.check_known("read the mass")
            return self._read_now()

    def ask_ahead(self) -> Callable[[], MassReading]:
        """Send the command of `read_mass_g`; return what takes the mass. See `instruments.asks_ahead`."""
        with self._lock:
            if not (self._closed or self._unconfirmed):
                self._dialogue.ask_ahead(self._now[0])
        return self._read_ahead

    def _read_ahead(self) -> MassReading:
        command, parse = self._now
        if not self._dialogue.is_ahead(command):
            return self.read_mass_g()
        with self._at_work("read the mass"):
            self._zero.check_known("read the mass")
            try:
                reply = self._dialogue.answer_ahead(parse)
            except LineFault:
                return self._read_now()
            return self._read_now() if reply.kind in _DAMAGED else self._reading(reply, "read the mass")

    def read_stable_mass_g(self) -> MassReading:
        """Wait for stability as long as the balance itself does, and return the stable mass.

        Raises:
            BalanceBusy: it did not become stable.
            BenchFault: as for `read_mass_g`.
        """
        with self._at_work("read the stable mass"):
            self._zero.check_known("read the stable mass")
            for _ in range(_TRIES):
                reading = self._reading(self._ask(b"S", _parse_stable, self._stable_timeout_s), "read the stable mass")
                if self.checksummed:
                    reading = self._read_now()
                if reading.stable:
                    return reading
            seen = "stable for `S`, moving again for `SIC1`"
            raise BalanceBusy(self._asset, "read the stable mass", seen, "wait for the load to settle")

    def tare(self) -> None:
        """Make the present stable load the tare.

        Raises:
            BalanceBusy: the load is not stable.
            BenchFault: it is unknown whether the tare was taken; readings are refused until it is known again.
        """
        with self._at_work("tare"):
            before, known = self._tare_memory(), copy(self._zero)
            self._lose_zero("tare")
            try:
                reply = self._dialogue.ask(b"T", lambda line: parse_weight(line, "T", _STABLE), self._stable_timeout_s)
            except LineFault as doubt:
                self._settle_tare(before, known, doubt)
                return
            self._refuse(reply, "tare", self._still(known, before, reply))
            memory = self._tare_memory()
            if memory is not None and memory != self._grams(reply, "tare"):
                raise BenchFault(
                    self._asset, "tare", f"answered {reply}, but the memory holds {memory} g", "tare again"
                )
            self._zero.tared(memory)

    def zero(self) -> None:
        """Set zero with the pan empty; this clears the tare as well.

        Raises:
            BalanceBusy: the load is not stable.
            BenchFault: it is unknown whether zero was set; readings are refused until it is known again.
        """
        with self._at_work("zero"):
            before, known = self._tare_memory(), copy(self._zero)
            self._lose_zero("zero")
            try:
                reply = self._dialogue.ask(b"Z", lambda line: parse_weight(line, "Z", _DONE), self._stable_timeout_s)
            except LineFault as doubt:
                raise self._undone("zero", before, self._tare_memory(), known, doubt) from doubt
            self._refuse(reply, "zero", self._still(known, before, reply))
            self._zero.zeroed()

    def test_internally(self, wait: Callable[[], bool]) -> InternalTest | None:
        """Make the internal test (`TST3`); see `instruments.internal_test` for what it returns and raises."""
        with self._at_work("test itself"):
            before_g = self._tare_memory()
            deviation_g = self._own_test(wait)
            if deviation_g is None:
                return None
            if (after_g := self._tare_memory()) != before_g:
                self._zero.lost = internal_test.moved_tare(self._asset, before_g, after_g)
                raise self._zero.lost
            weight_g = self._ask(b"M19", lambda line: internal_test.parse_mass(line, internal_test.WEIGHT))
            return InternalTest(float(deviation_g), None if weight_g is None else float(weight_g))

    def _own_test(self, wait: Callable[[], bool]) -> Decimal | None:
        """Ask for the test, again after a doubt; a command that is damaged on its way is as unknown as a silent one."""
        for attempt in range(1, _TRIES + 1):
            try:
                self._get_in_step()
                line = self._dialogue.ask_late(b"TST3", internal_test.has_begun, wait)
                internal_test.refuse_broken_off(line, self._asset)
                if line in (b"ES\r\n", b"ET\r\n") and attempt < _TRIES:
                    continue
                return internal_test.parse_mass(line, internal_test.TEST)
            except NotAReply as odd:
                if attempt == _TRIES:
                    raise BenchFault(self._asset, "test itself", f"{odd}", "see that nobody else uses it") from odd
            except LineFault:
                if attempt == _TRIES:
                    raise
        raise AssertionError("unreachable")

    def read_temperatures_c(self) -> tuple[float, ...]:
        """Return the temperature by each sensor inside the balance; none for a model that does not tell.

        Raises:
            BenchFault: there is no answer beyond doubt.
        """
        with self._at_work("read its temperature"):
            self._get_in_step()
            return read_temperatures_c(self._dialogue, self._asset)

    def close(self) -> None:
        """Let the line go; a second time does nothing."""
        self._closed = True
        self._dialogue.unsolicited.tell_the_rest()
        self._line.close()

    def _begin_at_last(
        self, access: BalanceAccess, use_checksum: bool | None, explain: Callable[[VisaLine], str] | None
    ) -> None:
        """Begin, and begin anew after a doubt: nothing depends on what the balance told before."""
        for attempt in range(1, _TRIES + 1):
            try:
                self._begin(access, use_checksum, explain)
            except LineFault:
                if attempt == _TRIES:
                    raise
            else:
                return

    def _begin(
        self, access: BalanceAccess, use_checksum: bool | None, explain: Callable[[VisaLine], str] | None
    ) -> None:
        self._dialogue.establish(explain)
        self._identity = read_identity(self._dialogue.inquiries, self._asset, access.capacity_g)
        settings = refuse_unfit_settings(
            self._dialogue, asset=self._asset, accept_unverified=access.accept_unverified_settings
        )
        self._unit = settings.host_unit
        self._zero = ZeroWatch(self._asset, tare_is_volatile=settings.tare_is_volatile)
        memory = self._tare_memory()
        self._tells_tare = memory is not None
        self._zero.confirm(memory)
        self.checksummed = self._offers_checksum() if use_checksum is None else use_checksum

    def _offers_checksum(self) -> bool:
        try:
            replies = [self._ask(b"SIC1", _parse_checked) for _ in range(2)]
        except LineFault as fault:
            hint = "if this balance words SIC1 in another way, open with use_checksum=False"
            raise BenchFault(self._asset, "try SIC1", fault.seen, hint) from fault
        return any(reply.kind is not ReplyKind.SYNTAX_ERROR for reply in replies)

    @contextmanager
    def _at_work(self, operation: str) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise BenchFault(self._asset, operation, "the balance was closed", "open it again")
            try:
                yield
            except BalanceRestarted as gone:
                self._zero.lost = gone
                raise

    def _read_now(self) -> MassReading:
        return self._reading(self._ask(*self._now), "read the mass")

    @property
    def _now(self) -> tuple[bytes, Callable[[bytes], WeightReply]]:
        return (b"SIC1", _parse_checked) if self.checksummed else (b"SI", _parse_now)

    def _reading(self, reply: WeightReply, operation: str) -> MassReading:
        self._refuse(reply, operation)
        mass_g = self._grams(reply, operation)
        self._zero.relied_on = True
        return MassReading(float(mass_g), reply.kind is ReplyKind.STABLE)

    def _grams(self, reply: WeightReply, operation: str) -> Decimal:
        unit = self._unit or reply.unit
        if reply.unit != unit:
            seen = f"the unit was {unit} and is now {reply.unit}"
            raise BenchFault(self._asset, operation, seen, "see whether it restarted; set the host unit, open again")
        try:
            mass_g = in_grams(reply)
        except NotAReply as error:
            raise BenchFault(self._asset, operation, f"{error}", "set the host unit to g: send M21 0 0") from error
        self._unit = unit
        return mass_g

    def _refuse(self, reply: WeightReply, operation: str, known: ZeroWatch | None = None) -> None:
        error = refusal(reply, asset=self._asset, operation=operation)
        if error is not None:
            self._zero = known or self._zero
            raise error

    def _ask(self, command: bytes, parse: Callable[[bytes], T], limit_s: float | None = None) -> T:
        """Ask for something that moves nothing, again after a doubt or a damaged command, within a bounded time."""
        first_s = self._timeout_s if limit_s is None else limit_s
        budget = Deadline(first_s + _RETRY_BUDGET * self._timeout_s)
        for attempt in count(1):
            last = attempt == _TRIES or budget.passed()
            try:
                self._get_in_step()
                answer = self._dialogue.ask(command, parse, limit_s)
            except LineFault as fault:
                if last or budget.passed():
                    fault.add_note(f"tried {attempt} times")
                    raise
            else:
                if last or not (isinstance(answer, WeightReply) and answer.kind in _DAMAGED):
                    return answer
        raise AssertionError("unreachable")

    def _get_in_step(self) -> None:
        if not self._dialogue.in_step:
            self._unconfirmed = True
            self._dialogue.resynchronise()
        if self._unconfirmed:
            memory = self._dialogue.ask(b"TA", _parse_tare_memory)
            if self._tells_tare and memory.kind in _DAMAGED:
                raise ReplyDoubtful(self._asset, "compare the tare", f"it told its tare before, now {memory.kind}")
            self._zero.confirm(_tare_g(memory))
            self._unconfirmed = False

    def _tare_memory(self) -> Decimal | None:
        return _tare_g(self._ask(b"TA", _parse_tare_memory))

    def _still(self, known: ZeroWatch, before: Decimal | None, reply: WeightReply) -> ZeroWatch | None:
        """Return what is known of the zero after a refusal: a damaged command is as unknown as a silent one."""
        if reply.kind in _DAMAGED and (not before or self._tare_memory() != before):
            return None
        return known

    def _lose_zero(self, operation: str) -> None:
        seen = f"it is unknown whether `{operation}` was carried out"
        self._zero.lost = BenchFault(self._asset, operation, seen, "zero or tare again")

    def _settle_tare(self, before: Decimal | None, known: ZeroWatch, doubt: LineFault) -> None:
        """Find out from the tare memory whether `T` was carried out; a restart would have emptied it."""
        after = self._tare_memory()
        if before is not None and after and after != before:
            self._zero.tared(after)
            return
        raise self._undone("tare", before, after, known, doubt) from doubt

    def _undone(
        self, operation: str, before: Decimal | None, after: Decimal | None, known: ZeroWatch, doubt: LineFault
    ) -> BenchFault:
        outcome = "may or may not have been carried out"
        if before and after == before:  # zeroing or a restart would have emptied the memory
            self._zero = known
            outcome = "was not carried out"
        return BenchFault(self._asset, operation, f"{doubt.seen}; it {outcome}", f"{operation} again")
