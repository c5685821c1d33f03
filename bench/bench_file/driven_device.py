# SPDX-License-Identifier: Apache-2.0
"""Pump and rig of a bench file: which driver they have, where they hang, and how they are known."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator

from groundfloor.errors import PlanError
from groundfloor.toml_file import TomlModel
from instruments.device_access import DeviceAccess
from instruments.drivers.contract import DeviceDriver
from instruments.drivers.named import is_place, whole_place
from instruments.drivers.table import PUMP_DRIVERS, RIG_DRIVERS

SerialNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$", max_length=64)]
"""It becomes part of a folder's name, so it holds nothing that a path could be made of."""


def known_driver(table: Mapping[str, object], name: str) -> str:
    """Return `name` if `table` leads from it to a driver, or the place of its code, which is not run for that.

    Raises:
        ValueError: it does not; the names that do are told.
    """
    if is_place(name):
        return whole_place(name)
    if name not in table:
        raise ValueError(f"there is no such driver; there is: {', '.join(sorted(table))}")
    return name


class DrivenDevice(TomlModel):
    """A device that serves a register map.

    Attributes:
        driver: which driver opens it: a row of `instruments/drivers/table.py`, or the place of one of the user's own,
            `my_package.my_module:MyDriver` or `path/to/my_driver.py:MyDriver`.
        address: where it hangs, in the words of its driver: `tcp://host:port` or
            `rtu:///dev/ttyX?baudrate=19200&parity=E&stopbits=1` for `modbus`.
        unit_id: the Modbus unit, if it is not the one that the map names; 0 and 255 are for TCP alone.
        map: a map that comes with the bench by its name, or the path of a TOML file; a relative path counts from the
            folder of the bench file.
        timeout_s: longest wait for one answer.
        firmware_version: what the device must say, if it is to be checked.
    """

    driver: str
    address: str
    unit_id: int | None = Field(default=None, ge=0, le=255)
    map: str = Field(min_length=1)
    timeout_s: float = Field(default=2.0, gt=0, le=60)
    firmware_version: str | None = Field(default=None, min_length=1)

    @property
    def access(self) -> DeviceAccess:
        """Return what the driver needs of it."""
        return DeviceAccess(self.address, self.map, self.unit_id, self.timeout_s)

    def with_map(self, path: str) -> Self:
        """Return the same device with its map at `path`."""
        return self.model_copy(update={"map": path})


class PumpDevice(DrivenDevice):
    """The pump under test.

    Attributes:
        serial_number: what the pump itself must say.
        session_code: what it asks for with each command, if it does.
    """

    driver: Annotated[str, AfterValidator(partial(known_driver, PUMP_DRIVERS))] = "modbus"
    map: str = Field(default="pump", min_length=1)
    serial_number: SerialNumber
    session_code: int | None = Field(default=None, gt=0, lt=1 << 32)

    @property
    def access(self) -> DeviceAccess:
        """Return what the driver needs of it."""
        return replace(super().access, session_code=self.session_code)

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str, so_far: ValidationInfo) -> str:
        return _checked(address, PUMP_DRIVERS.get(so_far.data.get("driver", "")))


class RigDevice(DrivenDevice):
    """The rig controller.

    Attributes:
        serial_number: what the controller must say, if it is to be checked.
        injector_time_limit_s: how long an injector may take to reach its position.
        position_tolerance_percent: how far from it the independent sensor may stand.
        refill_expanded_uncertainty_percent: of what its refill port moves, of the volume, with coverage factor 2.
        has_watchdog: whether the rig goes safe by itself when no heartbeat comes; where it does not, the bench starts
            a keeper, a process of its own that does so in its place.
    """

    driver: Annotated[str, AfterValidator(partial(known_driver, RIG_DRIVERS))] = "modbus"
    map: str = Field(default="rig", min_length=1)
    serial_number: SerialNumber | None = None
    injector_time_limit_s: float = Field(default=10.0, gt=0)
    refill_expanded_uncertainty_percent: float = Field(default=0.5, ge=0)
    position_tolerance_percent: float = Field(default=2.0, gt=0, lt=50)
    has_watchdog: bool = True

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str, so_far: ValidationInfo) -> str:
        return _checked(address, RIG_DRIVERS.get(so_far.data.get("driver", "")))


def _checked(address: str, driver: DeviceDriver | None) -> str:
    """Return the address if its driver takes it; an unknown driver is a misfit of its own."""
    if driver is None:
        return address
    try:
        driver.check_address(address)
    except PlanError as wrong:
        raise ValueError(f"{wrong.seen}; {wrong.next_step}") from wrong
    return address
