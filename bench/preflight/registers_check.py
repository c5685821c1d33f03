# SPDX-License-Identifier: Apache-2.0
"""Everything that a run reads of pump and rig, read once: logs, the program in force, the longest blocks.

An instrument that answers who it is may still refuse a long request, or hold something in a log that its map does not
name. A run finds that out when its first alarm comes; this finds it before.
"""

from bench.bench_file import CheckName
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from instruments.program import Mode, Program
from instruments.pump import Pump
from instruments.rig import Rig

ANY = Program(Mode.NONE)
"""The program in force is read to be compared with one; which one does not matter here."""


_OPERATION = "read all that a run reads"


class RegistersCheck:
    """Reads snapshot, alarm log, bolus log and program of the pump; sensors, outputs and log of the rig.

    Either may be missing where it could not be opened.
    """

    name = CheckName.REGISTERS
    limits = None

    def __init__(self, pump: Pump | None, rig: Rig | None) -> None:
        self._pump = pump
        self._rig = rig

    def run(self) -> CheckFinding:
        """Return how much stands in the logs, with a warning of what the rig cannot do.

        Raises:
            BenchFault: something cannot be read; it names what, and how many registers were asked for.
        """
        told: list[str] = []
        if (pump := self._pump) is not None:
            pump.read()
            told += [f"{len(pump.alarm_log())} alarms", f"{len(pump.bolus_log())} boluses", "the program in force"]
            pump.differences(ANY)
        if (rig := self._rig) is not None:
            rig.read()
            rig.outputs()
            log = rig.safe_log()
            told.append("no log of the rig" if log is None else f"{len(log.entries)} safe states of the rig")
        seen, lacks = ", ".join(told) or "nothing to read", rig.abilities().lacks if rig is not None else ()
        if not lacks:
            return CheckFinding(self.name, "bench", _OPERATION, CheckState.OK, seen)
        without = f"The rig lacks what the bench would rely on: {'; '.join(lacks)}."
        seen, next_step = f"{seen}; of the rig: {'; '.join(lacks)}", "see docs/how-to/build-a-rig.md, R-84 to R-86"
        return CheckFinding(
            self.name, "bench", _OPERATION, CheckState.WARN, seen, next_step=next_step, deviation=without
        )
