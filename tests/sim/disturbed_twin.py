# SPDX-License-Identifier: Apache-2.0
"""A twin whose instruments are reached twice: over bad wires, as a bench sees them, and past them, as they are.

Time is stepped, so between two steps both must say the same.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from groundfloor.errors import BenchFault
from instruments.balance_access import BalanceAccess
from instruments.control_line_client import ControlLine
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.register_map.map import RegisterMap
from instruments.sics.balance import SicsBalance
from instruments.simulated.twin.twin_child import PROGRAM, TwinChild
from instruments.simulated.twin.twin_options import TwinOptions, Wire
from instruments.simulated.wires.faulty_wires import FaultyWires
from instruments.simulated.wires.twin_addresses import TwinAddresses
from instruments.simulated.wires.wire_fault import FaultRecord

TIMEOUT_S = 0.05
"""Shorter than a busy machine may need: that only makes more faults."""
LONGEST_FAULT_S = 2.5 * TIMEOUT_S
STABLE_TIMEOUT_S = 8 * TIMEOUT_S
"""A tare has no number: one that came after its own time-out would go unnoticed, so no fault is as long as this."""
QUIET_S = 0.005
TRUE_TIMEOUT_S = 5.0
_MOST_TRIES = 20
Result = TypeVar("Result")


@dataclass(frozen=True)
class Instruments:
    """The drivers of one table."""

    pump: ModbusPump
    rig: ModbusRig
    balance: SicsBalance


@dataclass
class DisturbedTwin:
    """A running twin.

    Attributes:
        seen: its instruments over the bad wires.
        true: the same, past them.
        controls: what moves its time.
        faults: every fault that was made.
    """

    seen: Instruments
    true: Instruments
    controls: tuple[ControlLine, ...]
    wires: FaultyWires
    faults: list[FaultRecord] = field(default_factory=list)

    @property
    def kinds(self) -> Counter[str]:
        return Counter(str(fault.kind) for fault in self.faults)

    def pass_time(self, duration_s: float) -> None:
        for control in self.controls:
            control.advance_to_us(control.now_us() + round(duration_s * 1e6))

    def both(self, act: Callable[[Instruments], object]) -> None:
        """Do the same over good wires with what is seen and with the truth, if they are two twins."""
        with self.wires.calm():
            insisted(lambda: act(self.seen))
            if len(self.controls) > 1:
                act(self.true)


def opened(addresses: TwinAddresses, timeout_s: float, ends: ExitStack) -> Instruments:
    """Open all drivers; those on one address share a line."""
    lines = {address: ModbusLine.open(address, timeout_s) for address in {addresses.pump, addresses.rig}}
    for line in lines.values():
        ends.callback(line.close)
    balance = SicsBalance.open(
        BalanceAccess(addresses.balance, timeout_s, STABLE_TIMEOUT_S), quiet_s=QUIET_S, use_checksum=True
    )
    ends.callback(balance.close)
    pump_map, rig_map = RegisterMap.named("pump"), RegisterMap.named("rig")
    return Instruments(
        ModbusPump(lines[addresses.pump], pump_map, pump_map.unit_id),
        ModbusRig(lines[addresses.rig], rig_map, rig_map.unit_id, fencing_token=1),
        balance,
    )


def insisted(act: Callable[[], Result]) -> Result:
    """Do it until it works: what is still on its way from worse weather, or a busy machine, may spoil the first try."""
    for _ in range(_MOST_TRIES):
        try:
            return act()
        except BenchFault:
            continue
    return act()


@contextmanager
def disturbed_twin(
    seed: int, rate: float, wire: Wire = Wire.TCP, program: Sequence[str] = PROGRAM
) -> Iterator[DisturbedTwin]:
    """Start a twin behind wires of this seed and rate of faults; it is opened while they are still good.

    A serial line has room for one bench only, so there a second twin of the same seed is the truth.
    """
    faults: list[FaultRecord] = []
    with ExitStack() as ends:
        addresses = ends.enter_context(TwinChild(TwinOptions(seed=seed, wire=wire), program))
        twins = [addresses]
        if wire is Wire.PTY:
            twins.append(ends.enter_context(TwinChild(TwinOptions(seed=seed))))
        wires = ends.enter_context(
            FaultyWires(addresses, seed=seed, rate=rate, longest_s=LONGEST_FAULT_S, on_fault=faults.append)
        )
        true = opened(twins[-1], TRUE_TIMEOUT_S, ends)
        with wires.calm():
            seen = insisted(lambda: opened(wires.addresses, TIMEOUT_S, ends))
        controls = tuple(ControlLine.open(twin.control) for twin in twins)
        for control in controls:
            ends.callback(control.close)
        yield DisturbedTwin(seen, true, controls, wires, faults)
