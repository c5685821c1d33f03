# SPDX-License-Identifier: Apache-2.0
"""The table of drivers: from the word in a bench file to the code that opens such a device."""

from collections.abc import Mapping

from instruments.drivers.contract import OpenBalance, PumpDriver, RigDriver
from instruments.drivers.modbus import ModbusPumpDriver, ModbusRigDriver
from instruments.sics.balance import SicsBalance

PUMP_DRIVERS: Mapping[str, PumpDriver] = {"modbus": ModbusPumpDriver()}
RIG_DRIVERS: Mapping[str, RigDriver] = {"modbus": ModbusRigDriver()}
BALANCE_DIALECTS: Mapping[str, OpenBalance] = {"mt-sics": SicsBalance.open}
