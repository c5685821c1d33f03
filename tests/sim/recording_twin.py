# SPDX-License-Identifier: Apache-2.0
"""The twin with a witness in its pump: every command that is really carried out is written to a file.

TwinChild(options, program=recording_program(path))
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from instruments.simulated.pump.registers import PumpRegisters
from instruments.simulated.twin.program import run
from instruments.simulated.twin.twin_options import TwinOptions


@dataclass(frozen=True)
class Activity:
    """A command that the pump carried out: its number, its name and what came of it."""

    sequence: int
    command: str
    result: str


def recording_program(record: Path) -> tuple[str, ...]:
    """Return what the interpreter runs."""
    record.touch()
    return (str(Path(__file__).resolve()), str(record))


def activities(record: Path) -> list[Activity]:
    return [Activity(*json.loads(line)) for line in record.read_text(encoding="utf-8").splitlines()]


def _record_to(path: str) -> None:
    carry_out = PumpRegisters._carry_out

    def recorded(registers: PumpRegisters) -> None:
        before = registers._done_sequence
        carry_out(registers)
        if registers._done_sequence != before:
            activity = (registers._done_sequence, str(registers._command["command"]), registers._result.value)
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps(activity) + "\n")

    PumpRegisters._carry_out = recorded  # type: ignore[method-assign,assignment]  # the witness


if __name__ == "__main__":
    _record_to(sys.argv[1])
    sys.exit(run(TwinOptions.parse(sys.argv[2:])))
