# SPDX-License-Identifier: Apache-2.0
"""How long the thread of a run left its loop, as the run folder keeps it and the summary tells it.

These are times of the machine: they stand in a file of their own, so that equal runs have equal journals.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat

from bench.absence import AbsenceFound
from bench.run_folder import ABSENCE
from groundfloor.file_in_folder import write_in_folder
from groundfloor.regular_file import read_regular

MOST_BYTES = 1 << 16


class LoopAbsence(BaseModel):
    """The absences while the rig's watchdog listened; of a resumed run those since it was resumed.

    Attributes:
        turns: how many there were.
        longest_ms: the longest, in processor time.
        mostly_ms: 99.9 % are not longer, in processor time.
        longest_wall_ms: the longest by the wall.
        mostly_wall_ms: the same of 99.9 %.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    turns: int = Field(ge=0)
    longest_ms: NonNegativeFloat
    mostly_ms: NonNegativeFloat
    longest_wall_ms: NonNegativeFloat
    mostly_wall_ms: NonNegativeFloat

    @classmethod
    def of(cls, found: AbsenceFound) -> Self:
        """Return what was counted."""
        return cls(**asdict(found))

    @classmethod
    def of_all(cls, parts: Iterable[Self]) -> Self:
        """Return what was counted in several threads; where 99.9 % are not longer in any, they are not in all."""
        counted = [one.model_dump() for one in parts]
        longest = {name: max(one[name] for one in counted) for name in cls.model_fields}
        return cls(**{**longest, "turns": sum(one["turns"] for one in counted)})

    @classmethod
    def read(cls, run_folder: Path) -> Self | None:
        """Return what a run folder keeps; None where it keeps none, or none that is."""
        try:
            return cls.model_validate_json(read_regular(run_folder / ABSENCE, MOST_BYTES))
        except (OSError, ValueError):
            return None

    def write(self, run_folder: Path) -> None:
        """Keep it in a run folder.

        Raises:
            BenchFault: the way there is a link.
            OSError: the disk does not take it.
        """
        text = json.dumps(self.model_dump(), indent=2, sort_keys=True) + "\n"
        write_in_folder(run_folder, ABSENCE, text.encode("ascii"))
