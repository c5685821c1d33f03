# SPDX-License-Identifier: Apache-2.0
"""`driver = "modbus"`: any Modbus server that serves a register map is a pump or a rig."""

import ipaddress
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from groundfloor.errors import BenchFault, PlanError
from instruments.device_access import DeviceAccess
from instruments.drivers.open_lines import OpenLines
from instruments.modbus.address import ModbusAddress, RtuAddress, parse_modbus_address
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import CODE, ModbusPump
from instruments.modbus.pump_needs import lacking
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.rig import ModbusRig
from instruments.modbus.rig_lease import ModbusRigLease
from instruments.register_map.map import RegisterMap


class ModbusPumpDriver:
    """Opens pumps, as `instruments.drivers.contract.PumpDriver` describes it."""

    def check_address(self, address: str) -> None:
        """Refuse what is neither `tcp://…` nor `rtu://…`."""
        parse_modbus_address(address)

    def check_map(self, access: DeviceAccess) -> None:
        """Look at the map before anything is opened."""
        points = RegisterMap.find(access.map)
        PumpPoints(points)
        _check_unit(access, points)
        if access.session_code is not None and CODE not in points.points:
            seen, hint = f"the bench file names a session code, and the map has no point {CODE}", "add it to the map"
            raise PlanError(f"register map {points.name}", "check", seen, f"{hint}, or take it from [pump]")

    def lacks(self, access: DeviceAccess) -> Mapping[str, Sequence[str]]:
        """Return which points the map has not, by what they are needed for."""
        return lacking(RegisterMap.find(access.map))

    def opens_once(self, access: DeviceAccess) -> bool:
        """Tell whether the line is a serial one."""
        return _is_serial(access)

    def open(self, access: DeviceAccess, lines: OpenLines) -> ModbusPump:
        """Open the pump."""
        points = RegisterMap.find(access.map)
        code = access.session_code
        return ModbusPump(_line("pump", access, lines), points, _unit_id(access, points), session_code=code)


class ModbusRigDriver:
    """Opens rigs, as `instruments.drivers.contract.RigDriver` describes it."""

    def check_address(self, address: str) -> None:
        """Refuse what is neither `tcp://…` nor `rtu://…`."""
        parse_modbus_address(address)

    def check_map(self, access: DeviceAccess) -> None:
        """Look at the map before anything is opened."""
        points = RegisterMap.find(access.map)
        _check_unit(access, points)
        if points.limits.writes_singly:
            seen = "write_function = 6: it takes an order and its fencing token in one request, or not at all"
            raise PlanError(f"register map {points.name}", "check", seen, "serve function 16 on the rig")

    def opens_once(self, access: DeviceAccess) -> bool:
        """Tell whether the line is a serial one."""
        return _is_serial(access)

    def open(self, access: DeviceAccess, lines: OpenLines) -> ModbusRig:
        """Open the rig controller."""
        points = RegisterMap.find(access.map)
        return ModbusRig(_line("rig", access, lines), points, _unit_id(access, points))

    def open_lease(self, access: DeviceAccess, lines: OpenLines) -> ModbusRigLease:
        """Open the rig's word on who holds it."""
        points = RegisterMap.find(access.map)
        return ModbusRigLease(_line("rig", access, lines), points, _unit_id(access, points))

    def place(self, access: DeviceAccess) -> str:
        """Return address and unit; of a serial device the file that all its names lead to."""
        address = parse_modbus_address(access.address)
        where = _server_of(_by_one_name(address))
        if isinstance(address, RtuAddress) and address.server is None:
            where = f"rtu {os.path.realpath(address.device)}"
        return f"{where} unit {_unit_id(access, RegisterMap.find(access.map))}"


def _server_of(address: ModbusAddress) -> str:
    """Return host and port, whatever else the address says."""
    if isinstance(address, RtuAddress):
        return f"rtu+tcp {address.server}"
    return str(replace(address, reconnect=False))


def _is_serial(access: DeviceAccess) -> bool:
    return isinstance(parse_modbus_address(access.address), RtuAddress)


def _unit_id(access: DeviceAccess, points: RegisterMap) -> int:
    return points.unit_id if access.unit_id is None else access.unit_id


def _check_unit(access: DeviceAccess, points: RegisterMap) -> None:
    unit_id, address = _unit_id(access, points), parse_modbus_address(access.address)
    if isinstance(address, RtuAddress) and not 1 <= unit_id <= 247:
        seen = f"RTU units are 1 to 247; {unit_id} is for tcp:// alone"
        raise PlanError(f"unit {unit_id} at {address}", "check", seen, "mend unit_id in the bench file or the map")


def _line(asset: str, access: DeviceAccess, lines: OpenLines) -> ModbusLine:
    try:
        return lines.shared(access.address, ModbusLine, lambda: ModbusLine.open(access.address, access.timeout_s))
    except BenchFault as closed:
        who = f"{asset} at {closed.asset}"
        raise BenchFault(who, closed.operation, closed.seen, closed.next_step) from closed


def _by_one_name(address: ModbusAddress) -> ModbusAddress:
    """Return the address with its host written in one way; what a name leads to is not asked: that may change."""
    if isinstance(address, RtuAddress):
        return (
            address
            if address.server is None
            else replace(address, server=(_host(address.server[0]), address.server[1]))
        )
    return replace(address, host=_host(address.host))


def _host(written: str) -> str:
    name = written.lower().rstrip(".")
    try:
        number = ipaddress.ip_address("127.0.0.1" if name == "localhost" else name)
    except ValueError:
        return name
    return str(getattr(number, "ipv4_mapped", None) or number)
