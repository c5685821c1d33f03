# SPDX-License-Identifier: Apache-2.0
"""All trials of the campaign, and what each must not end with."""

from collections.abc import Mapping, Sequence

from instruments.simulated.specimen.defect import Asset, Defect
from instruments.simulated.specimen.defects import DEFECTS
from metrology.verdict import Verdict
from tests.campaigns.detection.outcome import LOST, Outcome
from tests.campaigns.detection.pairs import ALIKE, NOT_KNOWABLE, PAIRS
from tests.campaigns.detection.trial import Group, Trial

GOOD_SPECIMENS = 40
INCONCLUSIVE_ALLOWED = 1
"""Of the good ones."""
OUT_OF_REACH: Mapping[str, str] = {}
"""Bad pumps that no chapter reaches, and why; of each there must be a test of the twin."""
ONLY_IN_A_MONTH = "endurance"
"""The chapter that the whole protocol leaves out; what shows there alone, the whole protocol may pass."""


def trials(groups: Sequence[Group]) -> list[Trial]:
    """Return the trials of these groups."""
    return [trial for group in groups for trial in _OF[group]()]


def surprise(trial: Trial, outcome: Outcome) -> str | None:
    """Return why this outcome must not be; None for one that may."""
    if outcome.verdict == LOST:
        return f"it left no summary, exit code {outcome.exit_code}"
    failed, passed = outcome.verdict == Verdict.FAIL, outcome.verdict == Verdict.PASS
    if trial.group is Group.GOOD:
        return "a good pump failed" if failed else None
    if trial.group is Group.PAIR:
        return "a bad pump passed, hidden by a bad instrument" if passed and trial.defects not in NOT_KNOWABLE else None
    defect = defect_of(trial.defects[0])
    if defect.asset is Asset.INSTRUMENT:
        return "a good pump failed by a bad instrument" if failed and trial.defects[0] not in ALIKE else None
    reached = defect.name not in OUT_OF_REACH and defect.shows.chapter != ONLY_IN_A_MONTH
    return "a bad pump passed" if trial.group is Group.DEFECT and passed and reached else None


def defect_of(text: str) -> Defect:
    """Return the row of the catalogue that `name=magnitude` asks for."""
    return DEFECTS[text.partition("=")[0]]


def _defects() -> list[Trial]:
    return [Trial(Group.DEFECT, (_usual(one),)) for one in DEFECTS.values()]


def _usual(defect: Defect) -> str:
    return defect.name if defect.default is None else f"{defect.name}={defect.default:g}"


def _magnitudes() -> list[Trial]:
    return [Trial(Group.MAGNITUDE, (f"{one.name}={x:g}",)) for one in DEFECTS.values() for x in one.also]


def _pairs() -> list[Trial]:
    return [Trial(Group.PAIR, defects) for defects in (*PAIRS, *NOT_KNOWABLE)]


def _good() -> list[Trial]:
    return [Trial(Group.GOOD, seed=seed) for seed in range(1, GOOD_SPECIMENS + 1)]


def _showings() -> list[Trial]:
    return [
        Trial(
            Group.SHOWING,
            (one.example,),
            chapter=one.shows.chapter,
            test=one.shows.test,
            profile=one.shows.profile,
        )
        for one in DEFECTS.values()
    ]


_OF = {
    Group.DEFECT: _defects,
    Group.MAGNITUDE: _magnitudes,
    Group.PAIR: _pairs,
    Group.GOOD: _good,
    Group.SHOWING: _showings,
}
