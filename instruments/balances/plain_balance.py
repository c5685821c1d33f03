# SPDX-License-Identifier: Apache-2.0
"""A balance that is asked for a weight in a word and answers with a line, in any of the dialects of this room.

The contract of `instruments.balance.Balance` is kept where a dialect has less than MT-SICS:

- *A stable weight* is a weight of this moment that carries the mark of stability. The commands that wait for one are
  not used: their answers may come any time. So an unstable load is `BalanceBusy` at once; whoever asks waits.
- *Tare and zero* are sent once, onto a load that was stable just before. Most dialects say nothing of them, and none
  says beyond doubt that they were done. So the effect decides: a stable weight near zero. Until it is seen, readings
  are refused.
- *A restart* is told by none of these balances. The tare that the balance tells is the witness, as one of the fences
  and wherever it has not answered for a moment (`ZeroWatch`); so is the mark of a net weight (SBI). Where there is no
  such witness, a moment without an answer makes the run void, and a restart between two answers is seen only by the
  step of the weight, which is the business of whoever weighs.
- *Settings* that falsify a slow infusion cannot be asked for: a person has to accept them unseen.
- *Serial number, firmware version and capacity*: what the balance does not tell is empty, and the capacity is then
  that of the bench file.
- *A unit* that is left out of unstable weights (SBI) is that of the last stable one, with the same number of
  decimals. If the next stable weight has another unit, what was read in between is in doubt, and the zero counts as
  lost.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from decimal import Decimal, InvalidOperation
from typing import Self

from groundfloor.errors import BenchFault, NoAnswer
from groundfloor.wall_clock import Deadline
from instruments.balance import (
    BalanceBusy,
    BalanceIdentity,
    BalanceOverload,
    BalanceRefused,
    BalanceRestarted,
    BalanceUnderload,
    MassReading,
)
from instruments.balance_access import BalanceAccess
from instruments.balances.dialect import Dialect, Fact, Step
from instruments.balances.dialogue import Explain, PlainDialogue
from instruments.balances.weight_line import NotALine, Trouble, WeightLine, in_grams
from instruments.sics.zero_watch import ZeroWatch
from instruments.visa.line import LineFault, VisaLine

_TRIES = 3
_RETRY_BUDGET = 6  # times the line's time-out
_NEAR_ZERO_DIGITS = 50
_TROUBLES: dict[Trouble, tuple[type[BenchFault], str, str]] = {
    Trouble.OVERLOAD: (BalanceOverload, "overload", "take the vessel off or empty it"),
    Trouble.UNDERLOAD: (BalanceUnderload, "underload", "put the pan and the vessel on"),
    Trouble.NOT_NOW: (BalanceBusy, "not now", "wait until the load is stable and nothing else runs, then ask again"),
    Trouble.REFUSED: (BalanceRefused, "command not known", "check model, dialect and settings"),
    Trouble.STANDBY: (BenchFault, "it is in standby", "switch it on, let it warm up, then tare and start anew"),
    Trouble.DEVICE_ERROR: (BenchFault, "it tells an error of its own", "see its display and its manual"),
}
_UNVERIFIED = "look at its menu, then write accept_unverified_settings = true in [balance] of the bench file"


def _nothing_found_out(_line: VisaLine) -> str:
    return ""


class PlainBalance:
    """One balance; see `instruments.balance.Balance` for what its verbs mean."""

    def __init__(
        self, line: VisaLine, dialect: Dialect, access: BalanceAccess, *, asset: str, quiet_s: float, explain: Explain
    ) -> None:
        self._line = line
        self._dialect = dialect
        self._access = access
        self._asset = asset
        self._dialogue = PlainDialogue(
            line, dialect, asset=asset, timeout_s=access.timeout_s, quiet_s=quiet_s, explain=explain
        )
        self._lock = threading.Lock()
        self._identity: BalanceIdentity | None = None
        self._zero = ZeroWatch(asset, tare_is_volatile=True)
        self._unit = ""
        self._digit = Decimal(0)
        self._width = 0
        self._kind = ""
        self._tare_line = b""
        self._unit_was_assumed = False
        self._closed = False

    @classmethod
    def open(
        cls,
        dialect: Dialect,
        access: BalanceAccess,
        *,
        explain: Explain = _nothing_found_out,
        quiet_s: float = 0.05,
        asset: str = "balance",
    ) -> Self:
        """Open the line, find out who the balance is, and refuse one that cannot be relied on.

        Args:
            dialect: what it speaks.
            access: how it is reached; a serial line is set as is usual for the dialect unless told otherwise.
            explain: finds out who speaks on a line that does not answer in this dialect.
            quiet_s: how long nothing must come for the line to count as drained, at least.
            asset: the name in error messages.

        Raises:
            BenchFault: nothing answers, or the balance is not fit.
            PlanError: the resource is no such name.
        """
        serial = access.serial or dialect.serial
        line = VisaLine(access.resource, asset=asset, open_timeout_s=2 * access.timeout_s, serial=serial)
        balance = cls(line, dialect, access, asset=asset, quiet_s=quiet_s, explain=explain)
        try:
            balance._begin()
        except BaseException:
            balance.close()
            raise
        return balance

    @property
    def unsolicited_count(self) -> int:
        """Lines since open that answered nothing: print key, leftovers of a stream, damaged or late lines."""
        return self._dialogue.unsolicited.count

    @property
    def fenced(self) -> bool:
        """Tell whether each weight is proved by an inquiry; if not, by the silence around it."""
        return self._dialogue.fenced

    def identify(self) -> BalanceIdentity:
        """Return who the balance said it was when the line was opened; empty is what it does not tell."""
        assert self._identity is not None  # open() gives out no balance without
        return self._identity

    def read_mass_g(self) -> MassReading:
        """Return the mass of this moment, stable or not.

        Raises:
            BenchFault: there is no answer beyond doubt, or the zero is not known any more.
        """
        with self._at_work("read the mass"):
            self._zero.check_known("read the mass")
            reading = self._reading(self._weight("read the mass"), "read the mass")
            self._zero.relied_on = True
            return reading

    def read_stable_mass_g(self) -> MassReading:
        """Return the mass of this moment if it is stable.

        Raises:
            BalanceBusy: it is not.
            BenchFault: as for `read_mass_g`.
        """
        with self._at_work("read the stable mass"):
            self._zero.check_known("read the stable mass")
            reading = self._stable_reading("read the stable mass")
            self._zero.relied_on = True
            return reading

    def tare(self) -> None:
        """Make the present stable load the tare.

        Raises:
            BalanceBusy: the load is not stable; nothing was sent.
            BenchFault: the effect is not seen; readings are refused until zero is known again.
        """
        with self._at_work("tare"):
            self._move("tare", self._dialect.tare)
            self._zero.tared(self._tare_memory_g(keep=True))

    def zero(self) -> None:
        """Set zero with the pan empty; this clears the tare as well.

        Raises:
            BalanceBusy: the load is not stable; nothing was sent.
            BenchFault: the effect is not seen; readings are refused until zero is known again.
        """
        with self._at_work("zero"):
            self._move("zero", self._dialect.zero)
            self._zero.zeroed()

    def close(self) -> None:
        """Let the line go; a second time does nothing."""
        self._closed = True
        self._dialogue.unsolicited.tell_the_rest()
        self._line.close()

    # --- open ---------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._dialogue.establish()
        self._identity = self._told_identity()
        if not self._access.accept_unverified_settings:
            seen = f"a {self._dialect.name} cannot be asked for {self._dialect.settings}"
            raise BenchFault(self._asset, "check its settings", seen, _UNVERIFIED)
        self._zero.confirm(self._tare_memory_g())

    def _told_identity(self) -> BalanceIdentity:
        told = self._dialogue.told
        model, serial_number = told.get(Fact.MODEL) or self._dialect.name, told.get(Fact.SERIAL_NUMBER, "")
        return BalanceIdentity(model, serial_number, told.get(Fact.FIRMWARE_VERSION, ""), self._capacity_g())

    def _capacity_g(self) -> float:
        told = self._dialogue.told.get(Fact.CAPACITY)
        capacity_g = None if told is None else _mass_g(told)
        if capacity_g is None:
            capacity_g = self._access.capacity_g
        if capacity_g is None:
            seen = "it does not tell its capacity" if told is None else f"it tells its capacity as {told!r}"
            raise BenchFault(self._asset, "identify", seen, "say capacity_g = 220 or so in [balance] of the bench file")
        return capacity_g

    # --- weights ------------------------------------------------------------------------------------------------------

    def _weight(self, operation: str) -> WeightLine:
        """Ask for a weight, again after a doubt or where the command was damaged, within a bounded time."""
        budget = Deadline(self._access.timeout_s * (1 + _RETRY_BUDGET))
        attempt = 0
        while True:
            attempt += 1
            last = attempt == _TRIES or budget.passed()
            try:
                self._get_in_step()
                line = self._dialogue.ask(self._dialect.weigh, self._whole)
            except LineFault as fault:
                if last:
                    fault.add_note(f"tried {attempt} times")
                    raise
            else:
                if line.trouble is None:
                    return line
                if last or line.trouble is not Trouble.REFUSED:  # a damaged command is as unknown as a wrong one
                    raise self._troubled(line.trouble, operation)

    def _whole(self, line: bytes) -> WeightLine:
        """Read a line; one of another width than the first has lost or gained characters, though it looks whole."""
        weight = self._dialect.read_weight(line)
        if weight.trouble is None:
            if self._width and weight.width != self._width:
                raise NotALine(f"of {weight.width} characters, all others have {self._width}: {line!r}")
            self._width = weight.width
        return weight

    def _stable_reading(self, operation: str) -> MassReading:
        reading = self._reading(self._weight(operation), operation)
        if not reading.stable:
            raise BalanceBusy(self._asset, operation, "the load is not stable", "wait for it to settle, then ask again")
        return reading

    def _reading(self, line: WeightLine, operation: str) -> MassReading:
        assert line.value is not None  # `_weight` has raised what holds none
        self._refuse_another_kind(line, operation)
        unit = self._unit_of(line, operation)
        mass_g = in_grams(line.value, unit)
        if mass_g is None:
            seen = f"the unit is {unit!r}"
            raise BenchFault(self._asset, operation, seen, "set it to g at the balance, then open again")
        if line.stable:
            self._unit, self._digit = unit, line.digit
        return MassReading(float(mass_g) + 0.0, line.stable)  # never -0.0

    def _refuse_another_kind(self, line: WeightLine, operation: str) -> None:
        """Raise where net has become gross, or the other way round, though nobody has tared over this line."""
        if self._kind and line.kind != self._kind:
            seen = f"its weights were marked {self._kind} and are now marked {line.kind}: the tare is another one"
            raise BalanceRestarted(self._asset, operation, seen, "find out why, then tare and start the run anew")
        self._kind = line.kind

    def _unit_of(self, line: WeightLine, operation: str) -> str:
        if line.unit:
            if self._unit and line.unit != self._unit:
                raise self._other_unit(f"the unit was {self._unit} and is now {line.unit}", operation)
            self._unit_was_assumed = False
            return line.unit
        if not self._unit:
            seen = "the load is not stable, and an unstable weight comes without its unit"
            raise NoAnswer(self._asset, operation, seen, "let it come to rest once")
        if line.digit != self._digit:
            raise self._other_unit(f"the last digit was worth {self._digit} and is now worth {line.digit}", operation)
        self._unit_was_assumed = True
        return self._unit

    def _other_unit(self, seen: str, operation: str) -> BenchFault:
        error = BenchFault(self._asset, operation, seen, "set the unit to g at the balance, then tare and start anew")
        if self._unit_was_assumed:
            self._zero.lost = error
        return error

    # --- tare and zero ------------------------------------------------------------------------------------------------

    def _move(self, operation: str, command: bytes) -> None:
        """Send an order once, and see its effect."""
        known, watched = copy(self._zero), (self._tare_line, self._kind)
        self._kind = ""  # whoever tares a balance that has restarted finds another mark than before
        try:
            before = self._stable_reading(operation)
        except BaseException:
            self._kind = watched[1]
            raise
        self._tare_line, self._kind = b"", ""
        seen = f"it is unknown whether `{operation}` was carried out"
        self._zero.lost = BenchFault(self._asset, operation, seen, "zero or tare again")
        steps: list[Step | Trouble] = []
        doubt: LineFault | None = None
        try:
            steps = self._dialogue.order(command, self._access.stable_timeout_s)
        except LineFault as fault:
            doubt = fault
        refused = next((step for step in steps if isinstance(step, Trouble)), None)
        after = self._settled(operation, 0.0 if refused else self._access.stable_timeout_s)
        if after is not None and abs(after.mass_g) <= self._near_zero_g():
            return
        if refused is not None:
            if after is not None and abs(after.mass_g - before.mass_g) <= self._near_zero_g():
                self._zero = known
                self._tare_line, self._kind = watched
                self._dialogue.watch_tare(self._tare_line)
            raise self._troubled(refused, operation)
        shown = "nothing stable" if after is None else f"{after.mass_g:g} g"
        seen = f"it showed {before.mass_g:g} g before and shows {shown} afterwards"
        seen += "" if doubt is None else f"; {doubt.seen}"
        raise BenchFault(self._asset, operation, seen, f"see what the balance shows, then {operation} again") from doubt

    def _settled(self, operation: str, limit_s: float) -> MassReading | None:
        """Return the first stable weight near zero; the last stable one, or None, if there is none in time."""
        deadline = Deadline(limit_s)
        stable: MassReading | None = None
        while True:
            try:
                reading = self._reading(self._weight(operation), operation)
            except (BalanceOverload, BalanceUnderload, BalanceBusy):
                stable = None
            else:
                stable = reading if reading.stable else stable
                if reading.stable and abs(reading.mass_g) <= self._near_zero_g():
                    return reading
            if deadline.passed():
                return stable
            self._dialogue.pause()

    def _near_zero_g(self) -> float:
        digit_g = in_grams(self._digit, self._unit)
        return float(_NEAR_ZERO_DIGITS * (digit_g or Decimal(0)))

    # --- the line -----------------------------------------------------------------------------------------------------

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

    def _get_in_step(self) -> None:
        in_step = self._dialogue.in_step
        if not in_step:
            self._dialogue.resynchronise()
        if self._dialogue.was_silent:
            self._zero.confirm(self._asked_tare()[1])
            self._dialogue.was_silent = False
        if not in_step:
            self._dialogue.watch_tare(self._tare_line)

    def _tare_memory_g(self, *, keep: bool = False) -> Decimal | None:
        """Return the tare in g that the balance tells, asked again after a doubt; None if it tells none.

        What is kept is watched from now on.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                self._get_in_step()
                line, tare_g = self._asked_tare()
            except LineFault:
                if attempt == _TRIES:
                    raise
            else:
                if keep and tare_g:  # a tare of zero is what a restart leaves as well
                    self._tare_line = line
                    self._dialogue.watch_tare(line)
                return tare_g
        return None

    def _asked_tare(self) -> tuple[bytes, Decimal | None]:
        read = self._dialect.read_tare_memory
        if read is None or not self._dialogue.fenced:  # an unfenced answer could be anything's, and silence costs time
            return b"", None
        line, told = self._dialogue.ask(self._dialect.tare_memory, lambda line: (line, read(line)))
        return line, None if told.value is None else in_grams(told.value, told.unit)

    def _troubled(self, trouble: Trouble, operation: str) -> BenchFault:
        kind, seen, next_step = _TROUBLES[trouble]
        error = kind(self._asset, operation, seen, next_step)
        if trouble is Trouble.STANDBY:  # whoever switches it on again finds another zero
            self._zero.lost = error
        return error


def _mass_g(text: str) -> float | None:
    number, _, unit = text.partition(" ")
    try:
        mass_g = in_grams(Decimal(number), unit.strip())
    except InvalidOperation:
        return None
    return float(mass_g) if mass_g is not None and mass_g.is_finite() and mass_g > 0 else None
