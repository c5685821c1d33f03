# SPDX-License-Identifier: Apache-2.0
"""Opening the instruments of a bench file: every one is tried, and all that is wrong is told at once."""

from collections.abc import Callable, Iterable
from functools import partial

from bench.bench_file import BalanceDevice, BenchFile
from bench.devices.finding import SECOND, Finding, Identity
from bench.devices.open_devices import OpenDevices
from groundfloor.errors import BenchFault, PlanError
from instruments.balance import Balance
from instruments.device_access import DeviceAccess
from instruments.drivers.contract import DeviceDriver
from instruments.drivers.named import driver_named, lacks_of
from instruments.drivers.table import PUMP_DRIVERS, RIG_DRIVERS
from instruments.pump import Pump
from instruments.pump_feature import PumpFeature
from instruments.rig import Rig
from instruments.rig_lease import RigLease


class Connection:
    """The open instruments of a bench file, as far as they could be opened.

    Attributes:
        findings: one per instrument, in the order pump, rig, balance, second measure.
        pump, rig, balance: the drivers, None where opening failed.
        second: the second measure of the flow; None on a bench without one as well.
        rig_lease: who holds the rig, as the rig says; None where opening it failed.
    """

    def __init__(self, file: BenchFile) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.pump: Pump | None = None
        self.rig: Rig | None = None
        self.rig_lease: RigLease | None = None
        self.balance: Balance | None = None
        self.second: Balance | None = None
        self._devices = OpenDevices(file)
        try:
            self._try("pump", file.pump.address, self._open_pump)
            self._try("rig", file.rig.address, self._open_rig)
            self._try("balance", file.balance.resource, self._open_balance)
            if (stated := file.second_measure) is not None:
                self._try(SECOND, stated.instrument.resource, partial(self._open_second, stated.instrument))
        except BaseException:
            self.close()
            raise

    def _try(self, asset: str, address: str, open_it: Callable[[], Identity]) -> None:
        try:
            self.findings.append(Finding(asset, address, open_it(), None))
        except BenchFault as trouble:
            self.findings.append(Finding(asset, address, None, trouble))

    def _open_pump(self) -> Identity:
        self.pump = self._devices.pump()
        identity = self.pump.identify()
        if identity.serial_number or PumpFeature.IDENTITY not in lacking_features(self.file):
            _expect_serial("pump", identity.serial_number, self.file.pump.serial_number)
        return identity

    def _open_rig(self) -> Identity:
        self.rig = self._devices.rig()
        identity = self.rig.identify()
        if self.file.rig.serial_number is not None:
            _expect_serial("rig", identity.serial_number, self.file.rig.serial_number)
        self.rig_lease = self._devices.rig_lease()
        return identity

    def _open_balance(self) -> Identity:
        self.balance = self._devices.balance()
        identity = self.balance.identify()
        if identity.serial_number:  # not every dialect has a word for it; the check of the identity tells so
            _expect_serial("balance", identity.serial_number, self.file.balance.serial_number)
        return identity

    def _open_second(self, stated: BalanceDevice) -> Identity:
        self.second = self._devices.second()
        assert self.second is not None  # the file names one
        identity = self.second.identify()
        if identity.serial_number:
            _expect_serial(SECOND, identity.serial_number, stated.serial_number)
        return identity

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
        self._devices.close()


def check_register_maps(file: BenchFile) -> None:
    """Look at the maps that a bench file names before anything is opened.

    Raises:
        PlanError: a map is missing or wrong, or lacks points of a pump.
    """
    _check(driver_named(PUMP_DRIVERS, file.pump.driver), file.pump.access)
    _check(driver_named(RIG_DRIVERS, file.rig.driver), file.rig.access)


def _check(driver: DeviceDriver, access: DeviceAccess) -> None:
    driver.check_address(access.address)  # of a driver that is named by its place nobody has asked yet
    driver.check_map(access)


def check_promises(file: BenchFile, promises: Iterable[str], profile: str) -> None:
    """Refuse a pump whose map lacks what its profile promises; nothing is opened.

    Args:
        file: the bench.
        promises: the features and modes that the profile promises.
        profile: what it is called.

    Raises:
        PlanError: points are missing; every promise is named with its points.
    """
    lacks = lacks_of(driver_named(PUMP_DRIVERS, file.pump.driver), file.pump.access)
    missing = [f"{promise} needs {', '.join(lacks[promise])}" for promise in sorted(promises) if promise in lacks]
    if missing:
        seen = f"the profile promises what the map {file.pump.map} lacks: {'; '.join(missing)}"
        next_step = "add the points to the map, or name in the profile what the pump is `without`, and its modes"
        raise PlanError(f"profile {profile}", "hold against the pump's map", seen, next_step)


def lacking_features(file: BenchFile) -> tuple[PumpFeature, ...]:
    """Return what the pump of a bench file has no way to tell or to keep, whatever a profile promises.

    Raises:
        PlanError: its map is missing or wrong.
    """
    lacks = lacks_of(driver_named(PUMP_DRIVERS, file.pump.driver), file.pump.access)
    return tuple(feature for feature in PumpFeature if feature in lacks)


def _expect_serial(asset: str, observed: str, wanted: str) -> None:
    if observed != wanted:
        raise BenchFault(
            asset, "identify", f"serial number {observed!r} answers, the bench file says {wanted!r}",
            f"connect {wanted!r}, or correct the bench file",
        )  # fmt: skip
