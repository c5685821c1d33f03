# SPDX-License-Identifier: Apache-2.0
"""Volumes that hold a correction of the lab's own, made again with the plug-in that is here today.

A record needs no code of a lab: the figures of its corrections stand in it. Where the plug-in is here, it is asked once
more, and what it would now do otherwise is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.corrections import CORRECTIONS
from bench.journal import read_lines
from bench.journal.lines import CorrectionInUse, RunStarted, Volume
from bench.recorded import Contradiction
from bench.recorded.judgement_check import agrees
from groundfloor.errors import BenchFault, PlanError
from metrology.gravimetry import DeliveredVolume, LabCorrection


@dataclass
class CorrectionsToday:
    """What today's plug-ins make of the volumes of a run.

    Attributes:
        remarks: a sentence for each correction that volumes hold.
        differences: volumes that would be others.
    """

    remarks: list[str] = field(default_factory=list)
    differences: list[Contradiction] = field(default_factory=list)


def corrections_today(journal: Path) -> CorrectionsToday:
    """Ask today's plug-ins for the corrections of a run.

    Raises:
        BenchFault: the journal cannot be read.
    """
    found, here = CorrectionsToday(), dict[str, LabCorrection]()
    for line in read_lines(journal):
        match line.body:
            case RunStarted(corrections=in_use):
                for one in in_use:
                    remark = _looked_up(one, here)
                    if remark not in found.remarks:
                        found.remarks.append(remark)
            case Volume(corrections=applied) as volume if applied and all(one.name in here for one in applied):
                found.differences += _otherwise(volume, line.data, tuple(here[one.name] for one in applied))
    return found


def _looked_up(recorded: CorrectionInUse, here: dict[str, LabCorrection]) -> str:
    told = f"volumes hold the lab's own correction {recorded.name!r} {recorded.version} ({recorded.sha256[:16]}…)"
    try:
        today = CORRECTIONS.get(recorded.name)
    except PlanError as unfit:
        return f"{told}; its recorded figures stand: {unfit}"
    if today is None:
        return f"{told}; no plug-in of this name is here, so its recorded figures stand"
    here[recorded.name] = today
    same = today.sha256 == recorded.sha256
    return f"{told}; asked again, {'the same code' if same else f'which today is {today.version} and other code'}"


def _otherwise(volume: Volume, data: Mapping[str, object], today: tuple[LabCorrection, ...]) -> Iterator[Contradiction]:
    try:
        now = DeliveredVolume.from_dict(data, today).quantity
    except (BenchFault, PlanError) as fault:
        yield Contradiction(volume.id, f"{volume.quantity.value} µL", f"none: {fault}")
        return
    pairs = {
        "µL": (volume.quantity.value, now.value),
        "µL for u": (volume.quantity.standard_uncertainty, now.standard_uncertainty),
    }
    for unit, (then, follows) in pairs.items():
        if not agrees(then, follows):
            yield Contradiction(volume.id, f"{then} {unit}", f"{follows} {unit} (with today's corrections of the lab)")
