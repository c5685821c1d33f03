# SPDX-License-Identifier: Apache-2.0
"""The two Modbus devices of a bench file: where they hang, and how they are known."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from groundfloor.errors import PlanError
from groundfloor.toml_file import TomlModel
from instruments.modbus.address import parse_modbus_address

SerialNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$", max_length=64)]
"""It becomes part of a folder's name, so it holds nothing that a path could be made of."""


def _is_modbus_address(text: str) -> str:
    try:
        parse_modbus_address(text)
    except PlanError as wrong:
        raise ValueError(f"{wrong.seen}; {wrong.next_step}") from wrong
    return text


class ModbusDevice(TomlModel):
    """A device that serves a register map.

    Attributes:
        address: `tcp://host:port` or `rtu:///dev/ttyX?baudrate=19200&parity=E&stopbits=1`.
        unit_id: the Modbus unit, if it is not the one that the map names.
        map: a map that comes with the bench by its name, or the path of a TOML file; a relative path counts from the
            folder of the bench file.
        timeout_s: longest wait for one answer.
        firmware_version: what the device must say, if it is to be checked.
    """

    address: Annotated[str, AfterValidator(_is_modbus_address)]
    unit_id: int | None = Field(default=None, ge=1, le=247)
    map: str = Field(min_length=1)
    timeout_s: float = Field(default=2.0, gt=0, le=60)
    firmware_version: str | None = Field(default=None, min_length=1)


class PumpDevice(ModbusDevice):
    """The pump under test; `serial_number` must be what the pump itself says."""

    map: str = Field(default="pump", min_length=1)
    serial_number: SerialNumber


class RigDevice(ModbusDevice):
    """The rig controller.

    Attributes:
        serial_number: what the controller must say, if it is to be checked.
        injector_time_limit_s: how long an injector may take to reach its position.
        position_tolerance_percent: how far from it the independent sensor may stand.
        has_watchdog: whether the rig goes safe by itself when no heartbeat comes; where it does not, the bench starts
            a keeper, a process of its own that does so in its place.
    """

    map: str = Field(default="rig", min_length=1)
    serial_number: SerialNumber | None = None
    injector_time_limit_s: float = Field(default=10.0, gt=0)
    position_tolerance_percent: float = Field(default=2.0, gt=0, lt=50)
    has_watchdog: bool = True
