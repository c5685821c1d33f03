# SPDX-License-Identifier: Apache-2.0
"""Assembles a twin and serves it: what `python -m instruments.simulated` does after reading its options."""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TextIO

from groundfloor.errors import PlanError
from groundfloor.system.event_loop import new_loop
from instruments.simulated.served.twin import ServedTwin
from instruments.simulated.twin.process import TwinProcess
from instruments.simulated.twin.twin import Twin
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.modbus_server import MakeModbusServer

Assemble = Callable[[str, int, Sequence[str]], ServedTwin]
"""Builds a twin from model, seed and defects."""


def run(
    options: TwinOptions,
    make_modbus_server: MakeModbusServer | None = None,
    assemble: Assemble | None = None,
    told: TextIO | None = None,
) -> int:
    """Serve until told to stop and return the exit code: 0 ended on request, 2 the options cannot be.

    Args:
        options: of the twin.
        make_modbus_server: another library's Modbus server may take the place of ours.
        assemble: builds another twin.
        told: where the addresses are told; standard output if left out.
    """
    if options.until_stdin_closes:
        # a Ctrl-C at the terminal is for the bench, which then still has a rig to put in its safe state
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    usual = partial(Twin.assemble, occasion=options.occasion, pump_map=options.map, figures=options.figures)
    made = assemble if assemble is not None else usual

    async def serve() -> None:
        twin = made(options.model, options.seed, options.defects)
        await TwinProcess(twin, options, make_modbus_server, told).serve()

    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(serve())
    except PlanError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    return 0
