# SPDX-License-Identifier: Apache-2.0
"""The twin with a witness beside its balance: whenever it weighs, what is truly there is written to a file.

TwinChild(options, program=truthful_program(path)) serves the ideal specimen: what is wrong with it are its defects.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from instruments.simulated.balance.weighing import BalanceCell
from instruments.simulated.physics.densities import air_density_kg_per_m3
from instruments.simulated.served.devices import Weighing
from instruments.simulated.served.twin import ServedTwin
from instruments.simulated.specimen.specimen import IDEAL
from instruments.simulated.twin.program import run
from instruments.simulated.twin.twin import Twin
from instruments.simulated.twin.twin_options import TwinOptions


@dataclass(frozen=True)
class Truth:
    """What nobody on the bench can see, at one instant."""

    at_s: float
    arrived_ul: float
    arrived_mg: float
    evaporated_mg: float
    air_kg_per_m3: float


def truthful_program(record: Path) -> tuple[str, ...]:
    """Return what the interpreter runs."""
    record.touch()
    return (str(Path(__file__).resolve()), str(record))


def truths(record: Path) -> dict[float, Truth]:
    """Return what was written, by whole seconds of twin time."""
    told = (Truth(**json.loads(line)) for line in record.read_text(encoding="utf-8").splitlines())
    return {round(one.at_s): one for one in told}


def _truth(cell: BalanceCell) -> Truth:
    vessel, now_s = cell._vessel, cell._timeline.now_s
    room = vessel._ambient
    weather = (room.temperature_c.at(now_s), room.air_pressure_hpa.at(now_s), room.humidity_percent.at(now_s))
    air = air_density_kg_per_m3(*weather)
    return Truth(now_s, vessel._hydraulics.vessel_ul(), vessel.arrived_mg(), vessel.evaporated_mg(), air)


def _record_to(path: str) -> None:
    weigh = BalanceCell.weigh

    def witnessed(cell: BalanceCell) -> Weighing:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(_truth(cell))) + "\n")
        return weigh(cell)

    BalanceCell.weigh = witnessed  # type: ignore[method-assign]  # the witness


def _assemble(model: str, seed: int, defects: Sequence[str]) -> ServedTwin:
    return Twin.assemble(model, seed, defects, IDEAL)


if __name__ == "__main__":
    _record_to(sys.argv[1])
    sys.exit(run(TwinOptions.parse(sys.argv[2:]), assemble=_assemble))
