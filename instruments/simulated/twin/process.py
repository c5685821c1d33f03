# SPDX-License-Identifier: Apache-2.0
"""The twin as a process: all servers and the control line on one loop, around one timeline.

Everything runs on one thread, so each request sees the twin at one instant and no lock is needed.
"""

import asyncio
import os
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from groundfloor.errors import PlanError
from groundfloor.system.event_loop import ends_by, ends_with
from instruments.register_map.map import RegisterMap
from instruments.simulated.balance.balance_server import BalanceServer
from instruments.simulated.balance.dialects import SIMULATED_DIALECTS
from instruments.simulated.served.twin import ServedTwin
from instruments.simulated.time.twin_time import TwinTime
from instruments.simulated.twin.twin_options import TwinOptions, Wire
from instruments.simulated.wires.control_line import ControlLineServer
from instruments.simulated.wires.frame_server import FrameServer
from instruments.simulated.wires.modbus_server import MakeModbusServer
from instruments.simulated.wires.null_modem import NullModem
from instruments.simulated.wires.register_bank import RegisterBank
from instruments.simulated.wires.twin_addresses import TwinAddresses

END_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class TwinProcess:
    """Serves one twin until told to stop.

    Args:
        twin: what is served.
        options: how.
        make_modbus_server: another library's Modbus server may take the place of ours.
        told: where the addresses are told; standard output if left out.
    """

    def __init__(
        self,
        twin: ServedTwin,
        options: TwinOptions,
        make_modbus_server: MakeModbusServer | None = None,
        told: TextIO | None = None,
    ) -> None:
        self._told = told
        self._twin = twin
        self._options = options
        self._time = TwinTime(twin.timeline, options.clock, options.speed)
        self._pump_map, self._rig_map = RegisterMap.find(options.map), RegisterMap.named("rig")
        banks = {
            self._pump_map.unit_id: RegisterBank(self._pump_map, twin.pump),
            self._rig_map.unit_id: RegisterBank(self._rig_map, twin.rig),
        }
        self._modbus = (make_modbus_server or _modbus_server_for(options.wire))(banks, self._time.catch_up)
        dialect = SIMULATED_DIALECTS[options.dialect]
        self._balance = BalanceServer(twin.cell, twin.timeline, self._time, dialect)
        self._second = None
        if twin.second is not None:
            self._second = BalanceServer(twin.second, twin.timeline, self._time, dialect)
        self._control = ControlLineServer(self._time, self._greeting())
        self._modems: list[NullModem] = []
        self._stop = asyncio.Event()
        self._broken: BaseException | None = None

    async def serve(self) -> None:
        """Open every wire, print the addresses, and serve until a signal or the end of standard input.

        Raises:
            PlanError: a port cannot be opened, or standard input cannot be watched.
            Exception: whatever broke inside the twin; a twin that is wrong must not go on answering.
        """
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_broken)
        with self._ends_on_request(loop):
            try:
                addresses = await self._open_all()
                told = self._told or sys.stdout
                told.write(addresses.to_json() + "\n")
                told.flush()
                await self._run_until_stopped()
            finally:
                await self._close()
        if self._broken is not None:
            raise self._broken

    async def _open_all(self) -> TwinAddresses:
        try:
            return await self._open()
        except OSError as refused:
            next_step = "take another host or port, or leave the ports out"
            raise PlanError("twin process", f"listen on {self._options.host}", str(refused), next_step) from refused

    async def _open(self) -> TwinAddresses:
        options = self._options
        control_port = await self._control.listen(options.host, options.control_port)
        if options.wire is Wire.PTY:
            pump, rig, balance = (
                await self._open_rtu(),
                await self._open_rtu(),
                f"ASRL{self._balance.open_pty()}::INSTR",
            )
        else:
            pump = rig = f"tcp://{options.host}:{await self._modbus.listen_tcp(options.host, options.modbus_port)}"
            balance_port = await self._balance.listen_tcp(options.host, options.balance_port)
            balance = f"TCPIP::{options.host}::{balance_port}::SOCKET"
        second = self._twin.second
        return TwinAddresses(
            pump=pump,
            rig=rig,
            balance=balance,
            control=f"{options.host}:{control_port}",
            clock=self._time.mode.value,
            speed=self._time.speed,
            seed=options.seed,
            model=options.model,
            pump_serial=str(self._twin.pump.read(["serial_number"])["serial_number"]),
            rig_serial=str(self._twin.rig.read(["rig_serial_number"])["rig_serial_number"]),
            balance_serial=self._twin.cell.serial_number,
            defects=options.defects,
            dialect=options.dialect,
            map=options.map,
            second=await self._open_second(),
            second_serial="" if second is None else second.serial_number,
            second_model="" if second is None else second.model,
            figures=options.figures,
        )

    async def _open_second(self) -> str:
        """Open the line of the second measure and return its resource; empty where there is none."""
        if self._second is None:
            return ""
        if self._options.wire is Wire.PTY:
            return f"ASRL{self._second.open_pty()}::INSTR"
        host = self._options.host
        return f"TCPIP::{host}::{await self._second.listen_tcp(host, 0)}::SOCKET"

    async def _open_rtu(self) -> str:
        modem = NullModem()
        self._modems.append(modem)
        await self._modbus.listen_rtu(modem.near_path)
        # a pty keeps no parity bit, and opened for a second time it refuses to be asked for one
        return f"rtu://{modem.far_path}?baudrate=115200&parity=N"

    async def _run_until_stopped(self) -> None:
        scheduler = asyncio.ensure_future(self._time.keep_up()) if not self._time.stepped else None
        if scheduler is not None:
            scheduler.add_done_callback(lambda _: self._stop.set())
        await self._stop.wait()
        if scheduler is not None and not scheduler.cancel():
            await scheduler  # it only ends by itself when the twin broke: raises what broke it

    async def _close(self) -> None:
        await self._modbus.close()
        await self._balance.close()
        if self._second is not None:
            await self._second.close()
        await self._control.close()
        for modem in self._modems:
            modem.close()
        await asyncio.sleep(0)  # lets the transports that were just closed report to their protocols

    def _greeting(self) -> dict[str, str]:
        return {
            "mode": self._time.mode.value,
            "speed": f"{self._time.speed:g}",
            "seed": str(self._options.seed),
            "model": self._options.model,
        }

    def _on_broken(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        broken = context.get("exception")
        if isinstance(broken, Exception) and self._broken is None:
            self._broken = broken
            self._stop.set()
        else:
            loop.default_exception_handler(context)

    @contextmanager
    def _ends_on_request(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        with ExitStack() as stack:
            if self._options.until_stdin_closes:
                _require_pipe(sys.stdin.fileno())
                stack.enter_context(ends_with(loop, sys.stdin.fileno(), self._stop.set))
                stack.enter_context(ends_by(loop, END_SIGNALS[:1], self._stop.set))
            else:
                stack.enter_context(ends_by(loop, END_SIGNALS, self._stop.set))
            yield


def _modbus_server_for(wire: Wire) -> MakeModbusServer:
    if wire is Wire.TCP:
        return FrameServer
    from instruments.simulated.wires.pymodbus_server import PymodbusServer  # a twin on TCP starts without pymodbus

    return PymodbusServer


def _require_pipe(descriptor: int) -> None:
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)):
        seen = "standard input is neither a pipe nor a terminal"
        raise PlanError("twin process", "watch standard input", seen, "leave --until-stdin-closes out")
