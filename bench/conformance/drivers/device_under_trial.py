# SPDX-License-Identifier: Apache-2.0
"""A device as the trials of its driver have it: opened over a wire that they can spoil, and opened anew at will."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from bench.conformance.drivers.spoilt_wire import SpoiltWire
from bench.conformance.outcome import Differs, NotTried
from groundfloor.errors import BenchFault, PlanError
from groundfloor.wall_clock import monotonic_s
from instruments.balance import RestartNotExcluded
from instruments.drivers.open_lines import OpenLines

T = TypeVar("T")
SLACK = 5
"""Time-outs of the line, and a second, within which a driver must have given up."""


@dataclass(frozen=True)
class Ways(Generic[T]):
    """How a kind of device is handled.

    Attributes:
        open: opens it at an address, over lines that are let go afterwards.
        identify: asks it who it is.
        read: reads all that is read regularly.
        close: lets go what the lines do not.
        refuse_address: refuses what is no address; None where nothing does.
        prepare: makes it ready for a wire that is spoilt; None where nothing has to be done.
    """

    open: Callable[[str, OpenLines], T]
    identify: Callable[[T], object]
    read: Callable[[T], object]
    close: Callable[[T], None]
    refuse_address: Callable[[str], None] | None = None
    prepare: Callable[[T], None] | None = None


class DeviceUnderTrial(Generic[T]):
    """One device, driver and wire.

    Args:
        ways: how its kind is handled.
        address: of the device itself.
        wire: between; None where there is none that can be spoilt.
        spoilt_address: of the near end of that wire.
        dead_address: where nobody answers.
        timeout_s: what the driver is told to wait for one answer.
        mass_g: what lies on a balance, if somebody says.
        move: whether it may be moved, or a tare taken.
    """

    def __init__(
        self,
        ways: Ways[T],
        address: str,
        wire: SpoiltWire | None,
        spoilt_address: str,
        dead_address: str,
        timeout_s: float,
        mass_g: float | None = None,
        *,
        move: bool = False,
    ) -> None:
        self.ways = ways
        self.address = address
        self.spoilt_address = spoilt_address
        self.dead_address = dead_address
        self.timeout_s = timeout_s
        self.mass_g = mass_g
        self._move = move
        self._wire = wire
        self._lines = OpenLines()
        self._device: T | None = None
        self._prepared = False

    @property
    def wire(self) -> SpoiltWire:
        """Return the wire.

        Raises:
            NotTried: it cannot be spoilt.
        """
        if self._wire is None:
            raise NotTried("only at host:port, or at a device file as /dev/ttyUSB0, is there a wire that can be spoilt")
        return self._wire

    @property
    def limit_s(self) -> float:
        """Return within which time a driver must have given up."""
        return SLACK * self.timeout_s + 1.0

    def device(self) -> T:
        """Return the open device.

        Raises:
            NotTried: it does not open.
        """
        if self._device is None:
            try:
                self._device = self.ways.open(self.spoilt_address, self._lines)
            except (BenchFault, PlanError) as trouble:
                self.let_go()
                raise NotTried(f"it does not open: {trouble.finding}") from trouble
        return self._device

    def ready_to_be_spoilt(self) -> SpoiltWire:
        """Return the wire, with the device prepared for what is going to happen to it.

        Raises:
            NotTried: it has to be prepared, and may not be.
        """
        wire, device = self.wire, self.device()
        if self.ways.prepare is not None and not self._prepared:
            if not self._move:
                raise NotTried("it takes a tare, by which a balance shows that it has not restarted: --move")
            self.ways.prepare(device)
            self._prepared = True
        return wire

    def read(self) -> object:
        """Return a reading."""
        return self.ways.read(self.device())

    def faults_soon(self, what: Callable[[], object], where: str) -> str:
        """Return the fault that `what` raises.

        Raises:
            Differs: it raises none, or takes too long.
        """
        began_s = monotonic_s()
        try:
            seen = what()
        except BenchFault as fault:
            took_s = monotonic_s() - began_s
            if took_s > self.limit_s:
                raise Differs(
                    f"{where}: the fault came after {took_s:.1f} s, not within {self.limit_s:.1f} s"
                ) from fault
            return f"{where}: a fault after {took_s:.1f} s: {fault.seen}"
        raise Differs(f"{where}: no fault; it gave {seen!r}")

    def answers_again(self, where: str) -> object:
        """Return a reading of a wire that is good again; the first attempts may still restore the line.

        Raises:
            Differs: there is none.
        """
        told = ""
        for _ in range(3):
            try:
                return self.read()
            except RestartNotExcluded as void:  # said as it must be; a new tare is what the run would need as well
                told = void.finding
                self._prepared = False
                self.ready_to_be_spoilt()
            except BenchFault as fault:
                told = fault.finding
        raise Differs(f"{where}: it does not answer any more: {told}")

    def close(self) -> None:
        """Let everything go; that a device cannot be let go, opening it anew has told."""
        self.begin_anew()
        if self._wire is not None:
            self._wire.close()

    def begin_anew(self) -> None:
        """Let go what a trial has left in disorder, so that the next one tells its own."""
        with suppress(BenchFault):
            self.let_go()

    def let_go(self) -> None:
        """Let the device go; asked again, it is opened anew."""
        device, self._device = self._device, None
        self._prepared = False
        with suppress(BenchFault):
            if device is not None:
                self.ways.close(device)
        self._lines.close()
