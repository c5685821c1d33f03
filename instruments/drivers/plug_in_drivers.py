# SPDX-License-Identifier: Apache-2.0
"""Drivers of plug-ins, as the table of drivers takes them in: looked at, and guarded while they work."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from groundfloor.errors import PlanError
from groundfloor.plug_ins import OF_BENCH_FILE, Kind, Offer
from groundfloor.plug_ins.guarded import UNKNOWN, guarded
from groundfloor.plug_ins.verbs import refuse_missing_verbs, verbs_of
from instruments.balance import Balance
from instruments.balance_access import BalanceAccess
from instruments.balances.dialect import Dialect
from instruments.balances.plain_balance import PlainBalance
from instruments.device_access import DeviceAccess
from instruments.drivers.contract import PumpDriver, RigDriver
from instruments.drivers.named import lacks_of, refuse_strange_lacks
from instruments.drivers.open_lines import L, Line, OpenLines
from instruments.pump import Pump
from instruments.pump_feature import PumpFeature
from instruments.rig import Rig
from instruments.rig_lease import RigLease

CALLS = 5
"""Time-outs of the line that one verb may take: it may ask several times, and read back."""
LEAST_S = 5.0
READS = {
    PumpFeature.COUNTER: "counter_ul",
    PumpFeature.RESERVOIR: "reservoir_volume_ul",
    PumpFeature.BATTERY: "battery_percent",
    PumpFeature.PRESSURE: "catheter_pressure_kpa",
}
"""What reads as NaN of a pump that lacks it; anything else that is NaN is the driver's mistake."""
MORE = ("lacks",)
"""What a driver may have and need not."""
IF_NAN: Mapping[type, str] = {
    Pump: "raise a BenchFault where it is not known; the driver of a pump that never tells it says so by `lacks`",
    Rig: "raise a BenchFault where a sensor tells nothing: every rig has all of them",
    Balance: "raise a BenchFault where the balance shows no mass",
}
"""What the author of a driver has to do where it is so."""
FOR_A_PERSON = frozenset({"write", "arm_watchdog", "go_safe", "leave_safe_state"})
"""Verbs of a rig that may wait until somebody has moved something; what only asks has to come back soon."""


class PlugInPumpDriver:
    """Opens the pumps of a plug-in, as `instruments.drivers.contract.PumpDriver` describes it."""

    def __init__(self, offer: Offer, driver: object) -> None:
        refuse_missing_verbs(offer, driver, PumpDriver)
        self._offer = offer
        self._made = driver
        self._driver: PumpDriver = guarded(driver, offer.told, PumpDriver, LEAST_S, last=verbs_of(PumpDriver) + MORE)

    def check_address(self, address: str) -> None:
        """Refuse what is no address of this driver."""
        self._driver.check_address(address)

    def check_map(self, access: DeviceAccess) -> None:
        """Look at the map before anything is opened."""
        self._driver.check_map(access)

    def lacks(self, access: DeviceAccess) -> Mapping[str, Sequence[str]]:
        """Return what its pumps have not, see `instruments.drivers.named.lacks_of`."""
        lacks = lacks_of(self._driver, access)
        refuse_strange_lacks(self._offer.told, lacks)
        return lacks

    def opens_once(self, access: DeviceAccess) -> bool:
        """Tell whether nobody else can open the line while it is open."""
        return self._driver.opens_once(access)

    def open(self, access: DeviceAccess, lines: OpenLines) -> Pump:
        """Open the pump, within the time that its line may take."""
        lacks = self.lacks(access)
        not_known = {field for feature, field in READS.items() if feature in lacks}
        pump: Pump = _opened(self._offer, self._made, "open", access, lines, Pump, not_known)
        return pump


class PlugInRigDriver:
    """Opens the rigs of a plug-in, as `instruments.drivers.contract.RigDriver` describes it."""

    def __init__(self, offer: Offer, driver: object) -> None:
        refuse_missing_verbs(offer, driver, RigDriver)
        self._offer = offer
        self._made = driver
        self._driver: RigDriver = guarded(driver, offer.told, RigDriver, LEAST_S, last=verbs_of(RigDriver) + MORE)

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
        rig: Rig = _opened(self._offer, self._made, "open", access, lines, Rig)
        return rig

    def open_lease(self, access: DeviceAccess, lines: OpenLines) -> RigLease:
        """Open what the rig says of its holder."""
        lease: RigLease = _opened(self._offer, self._made, "open_lease", access, lines, RigLease)
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
        balance: Balance = guarded(opened, self._offer.told, Balance, limit_s, if_nan=IF_NAN[Balance])
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


def _opened(
    offer: Offer,
    driver: object,
    verb: str,
    access: DeviceAccess,
    lines: OpenLines,
    protocol: type,
    not_known: Collection[str] = (),
) -> Any:
    limit_s = max(LEAST_S, CALLS * access.timeout_s)
    waits = offer.kind is Kind.RIG and offer.source == OF_BENCH_FILE  # as long as the step of the safe state says
    unlimited = FOR_A_PERSON if waits else frozenset()
    opening = guarded(driver, offer.told, type(driver), limit_s, unlimited, last=verb)
    own = _GuardedLines(lines, lambda line: guarded(line, offer.told, Line, limit_s, unlimited))
    opened = getattr(opening, verb)(access, own)
    refuse_incomplete(offer, opened, protocol)
    if not own.used and callable(getattr(opened, "close", None)):
        own.shared(f"{offer.told} at {access.address}", type(opened), lambda: opened)  # so that somebody lets it go
    return guarded(opened, offer.told, protocol, limit_s, unlimited, not_known, if_nan=IF_NAN.get(protocol, UNKNOWN))


class _GuardedLines(OpenLines):
    """The lines of a user as a plug-in has them: what it opens there is guarded when it is let go."""

    def __init__(self, lines: OpenLines, guard: Callable[[Line], Line]) -> None:
        self.used = False
        self._to = lines
        self._guard = guard

    def shared(self, address: str, kind: type[L], open_it: Callable[[], L]) -> L:
        """Return the line to `address`, opened by `open_it` the first time."""
        self.used = True
        line = self._to.shared(address, kind, open_it)
        self._to.let_go_by(address, self._guard(line))
        return line

    def close(self) -> None:
        """Let all lines go."""
        self._to.close()
