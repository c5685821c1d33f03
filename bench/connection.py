# SPDX-License-Identifier: Apache-2.0
"""Opening the instruments of a bench file: every one is tried, and all that is wrong is told at once."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.bench_file import BenchFile, ModbusDevice
from groundfloor.errors import BenchFault
from instruments.balance import Balance, BalanceIdentity
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.rig import ModbusRig
from instruments.modbus.rig_lease import ModbusRigLease
from instruments.pump import Pump, PumpIdentity
from instruments.register_map.map import RegisterMap
from instruments.rig import Rig, RigIdentity
from instruments.sics.balance import SicsBalance

TWIN_MARK = "-twin"
Identity = PumpIdentity | RigIdentity | BalanceIdentity


@dataclass(frozen=True)
class Finding:
    """What came of opening one instrument: who answered, or the trouble."""

    asset: str
    address: str
    identity: Identity | None
    trouble: BenchFault | None

    @property
    def is_twin(self) -> bool:
        """Tell whether a twin answered."""
        return self.identity is not None and self.identity.firmware_version.endswith(TWIN_MARK)


class Connection:
    """The open instruments of a bench file, as far as they could be opened.

    Attributes:
        findings: one per instrument, in the order pump, rig, balance.
        pump, rig, balance: the drivers, None where opening failed.
        rig_lease: who holds the rig, as the rig says; None where opening it failed.
    """

    def __init__(self, file: BenchFile) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self._lines: dict[str, ModbusLine] = {}
        self.pump: Pump | None = None
        self.rig: Rig | None = None
        self.rig_lease: ModbusRigLease | None = None
        self.balance: Balance | None = None
        try:
            self._try("pump", file.pump.address, self._open_pump)
            self._try("rig", file.rig.address, self._open_rig)
            self._try("balance", file.balance.resource, self._open_balance)
        except BaseException:
            self.close()
            raise

    def _try(self, asset: str, address: str, open_it: Callable[[], Identity]) -> None:
        try:
            self.findings.append(Finding(asset, address, open_it(), None))
        except BenchFault as trouble:
            self.findings.append(Finding(asset, address, None, trouble))

    def _open_pump(self) -> Identity:
        wanted = self.file.pump
        pump_map = register_map(wanted.map)
        pump = ModbusPump(self._line("pump", wanted), pump_map, wanted.unit_id or pump_map.unit_id)
        self.pump = pump
        identity = pump.identify()
        _expect_serial("pump", identity.serial_number, wanted.serial_number)
        return identity

    def _open_rig(self) -> Identity:
        wanted = self.file.rig
        rig_map = register_map(wanted.map)
        rig = ModbusRig(self._line("rig", wanted), rig_map, wanted.unit_id or rig_map.unit_id)
        self.rig = rig
        identity = rig.identify()
        if wanted.serial_number is not None:
            _expect_serial("rig", identity.serial_number, wanted.serial_number)
        self.rig_lease = ModbusRigLease(self._line("rig", wanted), rig_map, wanted.unit_id or rig_map.unit_id)
        return identity

    def _open_balance(self) -> Identity:
        wanted = self.file.balance
        balance = SicsBalance.open(
            wanted.resource,
            timeout_s=wanted.timeout_s,
            stable_timeout_s=wanted.stable_timeout_s,
            serial=wanted.serial.settings,
            accept_unverified_settings=wanted.accept_unverified_settings,
        )
        self.balance = balance
        identity = balance.identify()
        _expect_serial("balance", identity.serial_number, wanted.serial_number)
        return identity

    def _line(self, asset: str, device: ModbusDevice) -> ModbusLine:
        """Return the line to a device; pump and rig may share one, and a serial line can only be opened once."""
        address = device.address
        if address not in self._lines:
            try:
                self._lines[address] = ModbusLine.open(address, timeout_s=device.timeout_s)
            except BenchFault as closed:
                who = f"{asset} at {closed.asset}"
                raise BenchFault(who, closed.operation, closed.seen, closed.next_step) from closed
        return self._lines[address]

    def raise_troubles(self) -> None:
        """Raise one error that names every instrument that could not be opened.

        Raises:
            BenchFault: something is wrong; the instruments that did open are closed.
        """
        troubles = [finding.trouble for finding in self.findings if finding.trouble is not None]
        if not troubles:
            return
        self.close()
        if len(troubles) == 1:
            raise troubles[0]
        seen = "\n".join(f"  {trouble}" for trouble in troubles)
        raise BenchFault(
            f"bench {self.file.bench.name}", "open the instruments", f"{len(troubles)} failed:\n{seen}"
        ) from ExceptionGroup("instruments that could not be opened", troubles)

    def close(self) -> None:
        """Let all lines go."""
        for line in self._lines.values():
            line.close()
        if self.balance is not None:
            self.balance.close()


def check_register_maps(file: BenchFile) -> None:
    """Look at the maps that a bench file names before anything is opened.

    Raises:
        PlanError: a map is missing or wrong, or lacks points of a pump.
    """
    PumpPoints(register_map(file.pump.map))
    register_map(file.rig.map)


def register_map(name_or_path: str) -> RegisterMap:
    """Load a map by the name of one that comes with the bench, or by the path of a file of the user's."""
    return RegisterMap.load(Path(name_or_path)) if name_or_path.endswith(".toml") else RegisterMap.named(name_or_path)


def _expect_serial(asset: str, seen: str, wanted: str) -> None:
    if seen != wanted:
        raise BenchFault(
            asset, "identify", f"serial number {seen!r} answers, the bench file says {wanted!r}",
            f"connect {wanted!r}, or correct the bench file",
        )  # fmt: skip
