# SPDX-License-Identifier: Apache-2.0
"""The table of drivers: from the word in a bench file to the code that opens such a device."""

from collections.abc import Mapping
from functools import partial

from groundfloor.plug_ins import Kind, PlugInTable
from groundfloor.room_members import room_members
from instruments.balances.dialect import Dialect
from instruments.balances.first_contact import SICS_VOICE, FirstContact, Voice
from instruments.balances.kcp import open_kcp
from instruments.balances.plain_balance import PlainBalance
from instruments.drivers.contract import OpenBalance, PumpDriver, RigDriver
from instruments.drivers.modbus import ModbusPumpDriver, ModbusRigDriver
from instruments.drivers.plug_in_drivers import PlugInDialect, PlugInPumpDriver, PlugInRigDriver
from instruments.sics.balance import SicsBalance

PUMP_DRIVERS: Mapping[str, PumpDriver] = PlugInTable(Kind.PUMP, {"modbus": ModbusPumpDriver()}, PlugInPumpDriver)
RIG_DRIVERS: Mapping[str, RigDriver] = PlugInTable(Kind.RIG, {"modbus": ModbusRigDriver()}, PlugInRigDriver)

PLAIN_DIALECTS = tuple(one for one in room_members("instruments.balances", "DIALECT") if isinstance(one, Dialect))
"""A file in `instruments/balances/` whose `DIALECT` it is, is one; its twin stands in `simulated/balance/spoken/`."""
_WHO = FirstContact([SICS_VOICE, *(Voice.of(dialect) for dialect in PLAIN_DIALECTS)])
_OURS: Mapping[str, OpenBalance] = {
    "mt-sics": partial(SicsBalance.open, explain=_WHO.explaining("mt-sics")),
    "kcp": partial(open_kcp, explain=_WHO.explaining("kcp")),
    **{one.word: partial(PlainBalance.open, one, explain=_WHO.explaining(one.word)) for one in PLAIN_DIALECTS},
}
BALANCE_DIALECTS: Mapping[str, OpenBalance] = PlugInTable(Kind.BALANCE, _OURS, PlugInDialect)
