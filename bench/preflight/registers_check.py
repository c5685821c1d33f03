# SPDX-License-Identifier: Apache-2.0
"""Everything that a run reads of pump and rig, read once: logs, the program in force, the longest blocks.

An instrument that answers who it is may still refuse a long request, or hold something in a log that its map does not
name. A run finds that out when its first alarm comes; this finds it before.
"""

from collections.abc import Callable, Sequence

from bench.acceptance import Standing
from bench.bench_file import CheckName
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from groundfloor.errors import PumpFailure
from instruments.program import Mode, Program
from instruments.pump import Pump, PumpReading, PumpState
from instruments.pump_feature import PumpFeature
from instruments.rig import Rig

ANY = Program(Mode.NONE)
"""The program in force is read to be compared with one; which one does not matter here."""


_OPERATION = "read all that a run reads"


class RegistersCheck:
    """Reads snapshot, alarm log, bolus log and program of the pump; sensors, outputs and log of the rig.

    Either may be missing where it could not be opened.

    Args:
        pump: as it was opened.
        rig: as it was opened.
        without: what the profile does not promise of the pump; it is told, because nothing of it is judged.
    """

    name = CheckName.REGISTERS
    limits = None

    def __init__(self, pump: Pump | None, rig: Rig | None, without: Sequence[PumpFeature] = ()) -> None:
        self._pump = pump
        self._rig = rig
        self._without = without
        self._holes = False

    def run(self) -> CheckFinding:
        """Return how much stands in the logs, with a warning of what the rig cannot do.

        Raises:
            BenchFault: something cannot be read; it names what, and how many registers were asked for.
        """
        told: list[str] = []
        if (pump := self._pump) is not None:
            if seen := self._contradicts_itself(pump):
                return CheckFinding(
                    self.name, "pump", "read all that a run reads", CheckState.BLOCK, seen,
                    next_step="nobody can tell whether it stands; see its firmware", against_pump=Standing.ACTIVE_RATE,
                )  # fmt: skip
            told += self._of_the_pump(pump)
        if (rig := self._rig) is not None:
            rig.read()
            rig.outputs()
            log = rig.safe_log()
            told.append("no log of the rig" if log is None else f"{len(log.entries)} safe states of the rig")
        seen, lacks = ", ".join(told) or "nothing to read", rig.abilities().lacks if rig is not None else ()
        next_steps = ["the infusions judge the log"] if self._holes else []
        without = ""
        if lacks:
            without = f"The rig lacks what the bench would rely on: {'; '.join(lacks)}."
            seen = f"{seen}; of the rig: {'; '.join(lacks)}"
            next_steps.append("see docs/how-to/build-a-rig.md, R-84 to R-86")
        return CheckFinding(
            self.name,
            "bench",
            _OPERATION,
            CheckState.WARN if next_steps else CheckState.OK,
            seen,
            next_step="; ".join(next_steps),
            deviation=without,
        )

    def _of_the_pump(self, pump: Pump) -> list[str]:
        told = []
        if PumpFeature.ALARM_LOG not in self._without:
            told.append(self._log("alarms", pump.alarm_log))
        if PumpFeature.BOLUS_LOG not in self._without:
            told.append(self._log("boluses", pump.bolus_log))
        if PumpFeature.READ_BACK not in self._without:
            pump.differences(ANY)
            told.append("the program in force")
        if self._without:
            told.append(f"not promised and not judged: {', '.join(feature.words for feature in self._without)}")
        return told

    def _log(self, name: str, read: Callable[[], Sequence[object]]) -> str:
        """Read a log; a hole in it is the pump's failure, which each infusion judges: it keeps nobody from testing."""
        try:
            return f"{len(read())} {name}"
        except PumpFailure as failure:
            self._holes = True
            return f"no {name} ({failure.finding})"

    @staticmethod
    def _contradicts_itself(pump: Pump) -> str:
        """Return what a pump says that cannot be, seen twice: that it stands, and at which rate it infuses."""
        readings = [pump.read()]
        if _stands_at_a_rate(readings[0]):
            readings.append(pump.read())
        if not _stands_at_a_rate(readings[-1]):
            return ""
        return f"its state is {readings[-1].state}, its rate {readings[-1].active_rate_ul_per_h:g} µL/h"


def _stands_at_a_rate(reading: PumpReading) -> bool:
    return reading.state is PumpState.STOPPED and reading.active_rate_ul_per_h != 0
