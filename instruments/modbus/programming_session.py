# SPDX-License-Identifier: Apache-2.0
"""A programming session over Modbus, message by message; each is sent once."""

from collections.abc import Callable, Sequence

from instruments.modbus.line import ModbusLine
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.staged_program import StagedProgram
from instruments.program import Program
from instruments.programming_session import SessionMessage, SessionPart
from instruments.pump import CommandResult
from instruments.register_map.block import Block

_ONE_BIT = 1


def session_messages(
    program: Program,
    points: PumpPoints,
    line: ModbusLine,
    unit_id: int,
    load: Callable[[], CommandResult],
    *,
    checksum_error: bool,
) -> tuple[SessionMessage, ...]:
    """Return the messages that program a pump.

    Args:
        program: what is to be in force.
        points: of the pump.
        line: leads to it.
        unit_id: of the pump on that line.
        load: gives the command that loads what is staged.
        checksum_error: whether its checksum is a wrong one.

    Raises:
        PlanError: a value cannot stand in its register.
    """
    staged = StagedProgram(program, points)
    values, more = staged.values, staged.more
    if checksum_error and points.has_checksum:
        crc = values["program_crc"]
        values = {**values, "program_crc": int(crc) ^ _ONE_BIT if isinstance(crc, int | float) else crc}
    first, rest = points.staging_halves

    def read() -> None:
        for block in points.active:
            line.read(unit_id, block)

    def write_first() -> None:
        for block, of_mode in () if more is None else more.parts:
            line.write(unit_id, block, of_mode)
        write(first)

    def write(blocks: Sequence[Block]) -> None:
        for block in blocks:
            line.write(unit_id, block, {point.name: values[point.name] for point in block.points})

    return (
        SessionMessage(SessionPart.READ, read),
        SessionMessage(SessionPart.STAGE_FIRST, write_first),
        SessionMessage(SessionPart.STAGE_REST, lambda: write(rest)),
        SessionMessage(SessionPart.LOAD, load),
        SessionMessage(SessionPart.READ_BACK, read),
    )
