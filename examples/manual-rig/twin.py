# SPDX-License-Identifier: Apache-2.0
"""The twin of a bench whose rig is moved by hand: `python twin.py bench.toml FOLDER [DEFECT …]` serves it.

Pump and balance are those of any twin. A person is simulated: asked, she moves clamp and valves and says that it is
done; with `--absent` only what is safe; with `--asks` when the run's operator answers. `--speed=60` lets time go by.
"""

import importlib.util
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from bench.attendance import Attendant
from bench.simulated_bench import simulated_bench
from instruments.device_access import DeviceAccess
from instruments.drivers.modbus import ModbusRigDriver
from instruments.drivers.open_lines import OpenLines
from instruments.rig import RigOutputs
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions

HERE = Path(__file__).resolve().parent
_SPEC = importlib.util.spec_from_file_location("by_hand_driver", HERE / "driver.py")
assert _SPEC is not None
assert _SPEC.loader is not None
by_hand = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(by_hand)


class Person:
    """An `Attendant` who is told what to do by the rig that she moves."""

    def __init__(self, rig: "TwinRig", absent: bool) -> None:
        self._rig, self._absent = rig, absent
        self.operator: Attendant | None = None

    def ask(self, request: str) -> bool:
        """Listen, or let the run's operator be asked."""
        return self.operator is None or self.operator.ask(request)

    def answered(self) -> bool:
        """Move what was asked for, and say so."""
        if self.operator is not None and not self.operator.answered():
            return False
        wanted = self._rig.outputs()
        if self._absent and wanted != RigOutputs():
            return False
        self._rig.real.write(wanted)
        return True

    def give_up(self) -> None:
        """Ask no more."""
        if self.operator is not None:
            self.operator.give_up()


class TwinRig(by_hand.ByHandRig):  # type: ignore[misc, name-defined]  # a class of a module that is found by its path
    """The rig in the folder, with a simulated person beside it and the twin's own sensors of the room."""

    model, version = "by hand-twin", "1.0-twin"

    def __init__(self, folder: Path) -> None:
        told = json.loads((folder / "twin.json").read_text(encoding="utf-8"))
        self.person, self._asks = Person(self, told["absent"]), told["asks"]
        super().__init__(folder)
        self.real = ModbusRigDriver().open(DeviceAccess(told["address"], "rig"), OpenLines())

    @property
    def attendant(self) -> Person:
        """Return the person."""
        return self.person

    @attendant.setter
    def attendant(self, other: Attendant) -> None:
        """Let her wait for what the operator says, where the twin was told so; else she is here, and does it."""
        self.person.operator = other if self._asks else None

    def room(self) -> dict[str, float]:
        """Return what the twin's own sensors show."""
        shown = asdict(self.real.read())
        names = ("outlet_pressure_kpa", "temperature_c", "air_pressure_hpa", "humidity_percent")
        return {name: shown[name] for name in names}


class TwinDriver(by_hand.ByHandDriver):  # type: ignore[misc, name-defined]
    """Opens it."""

    rig = TwinRig


def main(bench_file: Path, folder: Path, *words: str) -> None:
    """Serve a twin, and write the bench file that leads to it."""
    speed = next((float(word.partition("=")[2]) for word in words if word.startswith("--speed=")), None)
    usual = TwinOptions(defects=tuple(word for word in words if not word.startswith("--")))
    options = usual if speed is None else replace(usual, clock=ClockMode.SCALED, speed=speed)
    with TwinChild(options) as twin:
        folder.mkdir(exist_ok=True)
        told = {"address": twin.rig, "absent": "--absent" in words, "asks": "--asks" in words}
        (folder / "twin.json").write_text(json.dumps(told), encoding="utf-8")
        bench = simulated_bench(twin)
        rig = {
            "driver": f"{HERE / 'twin.py'}:TwinDriver",
            "address": f"by-hand:{folder.absolute()}",
            "map": "none",
            "serial_number": None,
            "has_watchdog": False,
            "injector_time_limit_s": 600.0,
        }
        *steps, last = bench.safe_state.step
        steps.append(last.model_copy(update={"limit_s": 600.0}))  # so long she is waited for who makes it safe
        safe = bench.safe_state.model_copy(update={"step": tuple(steps)})
        bench.model_copy(update={"rig": bench.rig.model_copy(update=rig), "safe_state": safe}).write(bench_file)
        print(bench_file, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
