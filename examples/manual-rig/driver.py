# SPDX-License-Identifier: Apache-2.0
"""A rig without any controller: a person moves clamp, valves and magnet when asked, and says when it is done.

A position is what a person said, no sensor's word; its effect on flow and pressure still has to show. `room.json`,
which a logger writes into the folder of the address, holds what the rig's other sensors would say. See README.md.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.attendance import Attendant, FileAttendant
from groundfloor.errors import BenchFault, PlanError
from instruments.device_access import DeviceAccess
from instruments.drivers.open_lines import OpenLines
from instruments.rig import RigIdentity, RigOutputs, RigReading
from instruments.rig_lease_in_file import RigLeaseInFile
from instruments.rig_without_watchdog import RigWithoutWatchdog

NOTHING: dict[str, Any] = {"known": False, "stated": {}, "told": {}}


class ByHandRig:
    """A `BareRig`, kept in a folder so that the watchdog process knows what the bench's process knew."""

    model, version = "by hand", "1.0"

    def __init__(self, folder: Path) -> None:
        self.attendant: Attendant = FileAttendant(folder)  # the bench sets another where it knows an operator
        self._folder, self._asking = folder, False
        saved = (folder / "rig.json").read_text(encoding="utf-8") if (folder / "rig.json").is_file() else "{}"
        self._kept = NOTHING | json.loads(saved)

    def _keep(self, **changed: Any) -> None:
        self._kept |= changed
        (self._folder / "rig.json").write_text(json.dumps(self._kept), encoding="utf-8")

    def identify(self) -> RigIdentity:
        return RigIdentity(self.model, self._folder.name, self.version)

    def room(self) -> dict[str, float]:
        try:
            return dict(json.loads((self._folder / "room.json").read_text(encoding="utf-8")))
        except (OSError, ValueError) as strange:
            raise BenchFault("rig", "read room.json", str(strange), "let a logger write it") from strange

    def read(self) -> RigReading:
        self.is_done()
        at, room = RigOutputs(**self._kept["stated"]), self.room()
        moved = (at.kink_clamp_percent, at.disconnect_valve, at.leak_valve_percent, at.magnet_field)
        return RigReading(*moved, at.supply_voltage_mv, **room, watchdog_tripped=False, heartbeat_age_s=0.0)

    def outputs(self) -> RigOutputs:
        return RigOutputs(**self._kept["told"])

    def move(self, outputs: RigOutputs) -> None:
        told, before = asdict(outputs), self._kept["told"]
        stated = self._kept["stated"] if self._kept["known"] else {}  # half done counts as not known: all is asked for
        wanted = [f"{name} to {value:g}" for name, value in told.items() if stated.get(name) != value]
        self._keep(told=told, known=not wanted)
        if wanted and not (self._asking and told == before):
            self._asking = self.attendant.ask(f"set {', '.join(wanted)}")
            if not self._asking:
                seen = "nobody is there to move it"
                raise BenchFault("rig", f"ask for {wanted}", seen, "name somebody with --operator NAME")

    def is_done(self) -> bool:
        if self._asking and self.attendant.answered():
            self._asking = False
            self._keep(stated=self._kept["told"], known=True)
        return bool(self._kept["known"])

    def close(self) -> None:
        self.attendant.give_up()


class ByHandDriver:
    """An `instruments.drivers.contract.RigDriver`; its addresses are `by-hand:FOLDER`."""

    rig: type[ByHandRig] = ByHandRig

    def check_address(self, address: str) -> None:
        if not address.startswith("by-hand:"):
            raise PlanError(f"address {address!r}", "check", "it names no folder", "write by-hand:FOLDER")

    def check_map(self, access: DeviceAccess) -> None:
        """Do nothing: there are no registers."""

    def opens_once(self, access: DeviceAccess) -> bool:  # noqa: ARG002
        return False

    def open(self, access: DeviceAccess, lines: OpenLines) -> RigWithoutWatchdog:
        folder = Path(access.address.partition(":")[2])
        if not folder.is_dir():
            raise BenchFault(f"rig at {folder}", "open", "there is no such folder", "make it, with room.json in it")
        lease = RigLeaseInFile(folder)
        return lines.shared(access.address, RigWithoutWatchdog, lambda: RigWithoutWatchdog(self.rig(folder), lease))

    def open_lease(self, access: DeviceAccess, lines: OpenLines) -> RigLeaseInFile:  # noqa: ARG002
        return RigLeaseInFile(Path(access.address.partition(":")[2]))

    def place(self, access: DeviceAccess) -> str:
        return str(Path(access.address.partition(":")[2]).resolve())
