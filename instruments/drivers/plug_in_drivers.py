# SPDX-License-Identifier: Apache-2.0
"""Drivers of plug-ins, as the table of drivers takes them in: looked at, and guarded while they work."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from groundfloor.errors import PlanError
from groundfloor.plug_ins import OF_BENCH_FILE, Offer
from groundfloor.plug_ins.guarded import guarded
from groundfloor.plug_ins.verbs import refuse_missing_verbs, verbs_of
from instruments.balance import Balance
from instruments.balance_access import BalanceAccess
from instruments.balances.dialect import Dialect
from instruments.balances.plain_balance import PlainBalance
from instruments.device_access import DeviceAccess
from instruments.drivers.contract import PumpDriver, RigDriver
from instruments.drivers.named import lacks_of
from instruments.drivers.open_lines import OpenLines
from instruments.pump import Pump
from instruments.rig import Rig
from instruments.rig_lease import RigLease

CALLS = 5
"""Time-outs of the line that one verb may take: it may ask several times, and read back."""
LEAST_S = 5.0


class PlugInPumpDriver:
    """Opens the pumps of a plug-in, as `instruments.drivers.contract.PumpDriver` describes it."""

    def __init__(self, offer: Offer, driver: object) -> None:
        refuse_missing_verbs(offer, driver, PumpDriver)
        self._offer = offer
        self._driver: PumpDriver = guarded(driver, offer.told, PumpDriver)

    def check_address(self, address: str) -> None:
        """Refuse what is no address of this driver."""
        self._driver.check_address(address)

    def check_map(self, access: DeviceAccess) -> None:
        """Look at the map before anything is opened."""
        self._driver.check_map(access)

    def lacks(self, access: DeviceAccess) -> Mapping[str, Sequence[str]]:
        """Return what its pumps have not, see `instruments.drivers.named.lacks_of`."""
        return lacks_of(self._driver, access)

    def opens_once(self, access: DeviceAccess) -> bool:
        """Tell whether nobody else can open the line while it is open."""
        return self._driver.opens_once(access)

    def open(self, access: DeviceAccess, lines: OpenLines) -> Pump:
        """Open the pump, within the time that its line may take."""
        pump: Pump = _opened(self._offer, self._driver, "open", access, lines, Pump)
        return pump


class PlugInRigDriver:
    """Opens the rigs of a plug-in, as `instruments.drivers.contract.RigDriver` describes it."""

    def __init__(self, offer: Offer, driver: object) -> None:
        refuse_missing_verbs(offer, driver, RigDriver)
        self._offer = offer
        self._driver: RigDriver = guarded(driver, offer.told, RigDriver)

    def check_address(self, address: str) -> None:
        """Refuse what is no address of this driver."""
        self._driver.check_address(address)

    def check_map(self, access: DeviceAccess) -> None:
        """Look at the map before anything is opened."""
        self._driver.check_map(access)

    def opens_once(self, access: DeviceAccess) -> bool:
        """Tell whether nobody else can open the line while it is open."""
        return self._driver.opens_once(access)

    def open(self, access: DeviceAccess, lines: OpenLines) -> Rig:
        """Open the rig controller, within the time that its line may take."""
        rig: Rig = _opened(self._offer, self._driver, "open", access, lines, Rig)
        return rig

    def open_lease(self, access: DeviceAccess, lines: OpenLines) -> RigLease:
        """Open what the rig says of its holder."""
        lease: RigLease = _opened(self._offer, self._driver, "open_lease", access, lines, RigLease)
        return lease

    def place(self, access: DeviceAccess) -> str:
        """Return where the rig is."""
        return self._driver.place(access)


class PlugInDialect:
    """Opens the balances of a plug-in: those of a `Dialect` by the driver of plain dialects, else by its function."""

    def __init__(self, offer: Offer, found: object) -> None:
        if isinstance(found, Dialect):
            self._open: Callable[[BalanceAccess], Balance] = partial(PlainBalance.open, found)
        elif callable(found):
            self._open = found
        else:
            seen = f"a {type(found).__name__} is neither a Dialect nor a function that opens a balance"
            raise PlanError(offer.told, "check", seen, "see how-to/plug-ins.md for both")
        self._offer = offer

    def __call__(self, access: BalanceAccess) -> Balance:
        """Open the balance."""
        limit_s = max(LEAST_S, CALLS * access.timeout_s, access.stable_timeout_s + access.timeout_s)
        opening = guarded(_Opener(self._open), self._offer.told, _Opener, limit_s, last=_Opener.open.__name__)
        opened = opening.open(access)
        refuse_incomplete(self._offer, opened, Balance)
        balance: Balance = guarded(opened, self._offer.told, Balance, limit_s)
        return balance


class _Opener:
    def __init__(self, opens: Callable[[BalanceAccess], Balance]) -> None:
        self._opens = opens

    def open(self, access: BalanceAccess) -> Balance:
        return self._opens(access)


def refuse_incomplete(offer: Offer, opened: object, protocol: type) -> None:
    """Refuse an open device that lacks a verb.

    Raises:
        PlanError: verbs are missing; all of them are named.
    """
    missing = [verb for verb in verbs_of(protocol) if not hasattr(opened, verb)]
    if missing:
        seen = f"what it opened, a {type(opened).__name__}, has no {', no '.join(missing)}"
        raise PlanError(offer.told, "open", seen, f"a {protocol.__name__} has all verbs of its protocol")


def _opened(offer: Offer, driver: object, verb: str, access: DeviceAccess, lines: OpenLines, protocol: type) -> Any:
    own_time = offer.source == OF_BENCH_FILE  # it may wait for a person, as long as the step of the safe state says
    limit_s = None if own_time else max(LEAST_S, CALLS * access.timeout_s)
    opening = guarded(driver, offer.told, type(driver), limit_s, last=verb)
    opened = getattr(opening, verb)(access, lines)
    refuse_incomplete(offer, opened, protocol)
    return guarded(opened, offer.told, protocol, limit_s)
