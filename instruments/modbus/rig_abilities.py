# SPDX-License-Identifier: Apache-2.0
"""What a rig can do, from its map and its own registers.

A map may leave the points out; then the rig cannot. The registers also tell a map from a rig: one that was built for
an older map answers 0 where 0 cannot be.
"""

from typing import cast

from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.catheter_line import LIFT, RELAY, VALVE
from instruments.modbus.chamber import TEMPERATURE
from instruments.modbus.drug_path import SENSOR as DRUG_SENSOR
from instruments.modbus.line import ModbusLine
from instruments.modbus.patient_button import NUMBER
from instruments.modbus.refill_port import NUMBER as REFILL_NUMBER
from instruments.modbus.sound_channel import COUNT
from instruments.register_map.map import RegisterMap
from instruments.rig_abilities import PumpHold, RigAbilities

SEQUENCE = "actuator_sequence"
_HOLD, _LIMIT, _STEP = "pump_hold", "pump_hold_limit_s", "most_token_step"


def rig_abilities(register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> RigAbilities:
    """Ask a rig once what it can do.

    Raises:
        PlanError: the map has one point of the hold without the other, or a kind of hold that the bench does not know.
        BenchFault: the rig does not answer, or its registers are not those of the map.
    """
    _check(register_map)
    told = [name for name in (_HOLD, _LIMIT, _STEP) if name in register_map.points]
    values = line.read(unit_id, register_map.block(*told)) if told else {}
    if values.get(_STEP) == 0:
        seen = f"{_STEP} is 0, which no rig of this map says"
        raise BenchFault(asset, "ask what it can do", seen, 'name the map that it was built for: `map = "rig-1"`?')
    return RigAbilities(
        PumpHold(cast(str, values.get(_HOLD, PumpHold.NONE))),
        cast(float, values.get(_LIMIT, 0.0)),
        SEQUENCE in register_map.points,
        cast(int, values.get(_STEP, 0)),
        NUMBER in register_map.points,
        DRUG_SENSOR in register_map.points,
        COUNT in register_map.points,
        REFILL_NUMBER in register_map.points,
        TEMPERATURE in register_map.points,
        LIFT in register_map.points,
        VALVE in register_map.points,
        RELAY in register_map.points,
    )


def _check(register_map: RegisterMap) -> None:
    if not {_HOLD, _LIMIT} & set(register_map.points):
        return
    register_map.require([_HOLD, _LIMIT])
    if strange := set(register_map.point(_HOLD).values) - set(map(str, PumpHold)):
        seen = f"{_HOLD} names {', '.join(sorted(strange))}, which the bench does not know"
        next_step = f"use only: {', '.join(map(str, PumpHold))}"
        raise PlanError(f"register map {register_map.name}", "check", seen, next_step)
