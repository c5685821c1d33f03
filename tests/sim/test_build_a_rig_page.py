# SPDX-License-Identifier: Apache-2.0
"""The requests and the balance commands that *Build a rig* lists are those that the drivers send."""

import re
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.conformance import PAGE
from bench.sampling.snapshot import Snapshot
from instruments.balance_access import BalanceAccess
from instruments.catheter_line import CatheterLineState, catheter_line_of
from instruments.chamber import OFF, chamber_of
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.request import Request as ModbusRequest
from instruments.modbus.tcp_wire import TcpWire
from instruments.modbus.wire import Asked
from instruments.patient_button import button_of
from instruments.program import Mode, Program, Step
from instruments.pump import Command
from instruments.refill_port import port_of
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Table
from instruments.sics.balance import SicsBalance
from instruments.sound_channel import sound_channel_of
from instruments.visa.line import VisaLine
from tests.sim.conformance_trial import twin

TEXT = (Path(__file__).parents[2] / PAGE).read_text(encoding="utf-8")
PROGRAM = Program(Mode.CONTINUOUS, (Step(0, 40.0),))
Request = tuple[int, int, int, int]


def test_the_drivers_send_the_requests_that_the_page_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: set[Request] = set()
    read, write, ask_ahead = TcpWire.read, TcpWire.write, TcpWire.ask_ahead

    def noted_read(wire: TcpWire, unit_id: int, table: Table, address: int, count: int) -> bytes:
        sent.add((unit_id, 4 if table is Table.INPUT else 3, address, count))
        return read(wire, unit_id, table, address, count)

    def noted_write(wire: TcpWire, unit_id: int, address: int, words: Sequence[int]) -> None:
        sent.add((unit_id, 16, address, len(words)))
        write(wire, unit_id, address, words)

    def noted_ask_ahead(wire: TcpWire, request: ModbusRequest) -> Asked | None:
        pdu = request.pdu
        first, count = struct.unpack_from(">HH", pdu.encode())
        sent.add((pdu.dev_id, pdu.function_code, first, count))
        return ask_ahead(wire, request)

    monkeypatch.setattr(TcpWire, "ask_ahead", noted_ask_ahead)
    monkeypatch.setattr(TcpWire, "read", noted_read)
    monkeypatch.setattr(TcpWire, "write", noted_write)
    with twin() as file, Bench.open(file) as bench:
        bench.pump.load(PROGRAM)
        bench.pump.differences(PROGRAM)
        bench.rig.arm_watchdog(60)
        bench.pump.command(Command.START)
        bench.pump.alarm_log()
        bench.pump.bolus_log()
        bench.rig.read()
        bench.rig.send_heartbeat()
        Snapshot.with_heartbeat(bench)
        button = button_of(bench.rig)
        button.press_patient_button()
        button.patient_button_presses()
        chamber_of(bench.rig).order_chamber(OFF, OFF)
        chamber_of(bench.rig).read_chamber()
        port_of(bench.rig).order_refill(needle_in=True, volume_ul=0.0)
        port_of(bench.rig).read_refill_port()
        catheter_line_of(bench.rig).order_catheter_line(CatheterLineState(outlet_lift_kpa=1.0))
        catheter_line_of(bench.rig).observed_catheter_line()
        sound_channel_of(bench.rig).read_sounds(0)
        bench.rig.go_safe()
        bench.rig.safe_log()
    only_in_doubt = {(1, 3, block.address, block.count) for block in PumpPoints(RegisterMap.named("pump")).staging}
    told = re.findall(r"^\| (\d) \| (\d+) \| (\d+) \| (\d+) \|", TEXT, re.MULTILINE)
    assert {tuple(map(int, row)) for row in told} == sent | only_in_doubt


def test_the_driver_sends_the_balance_commands_that_the_page_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: set[str] = set()
    send = VisaLine.send

    def noted(line: VisaLine, command: bytes) -> None:
        sent.add(command.decode())
        send(line, command)

    monkeypatch.setattr(VisaLine, "send", noted)
    with twin() as file:
        for checksum in (None, False):
            access = BalanceAccess(file.balance.resource, file.balance.timeout_s, file.balance.stable_timeout_s)
            balance = SicsBalance.open(access, use_checksum=checksum)
            balance.tare()
            balance.read_mass_g()
            balance.read_stable_mass_g()
            balance.close()
    table = TEXT.split("## Which balance commands\n", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"^\| `([@A-Z0-9]+)` \|", table, re.MULTILINE)) == sent
