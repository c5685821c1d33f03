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
IN_A_MONTH = "endurance"
"""The chapter that the whole protocol leaves out; what shows there alone is tried by a campaign of its own."""


def trials(groups: Sequence[Group]) -> list[Trial]:
    """Return the trials of these groups."""
    return [trial for group in groups for trial in _OF[group]()]


def surprise(part: Trial, outcome: Outcome) -> str | None:
    """Return why a part must not end so; None for one that may. That a bad pump passed is known at the end only."""
    if outcome.verdict == LOST:
        return f"it left no summary, exit code {outcome.exit_code}"
    if outcome.verdict != Verdict.FAIL:
        return None
    if part.group is Group.GOOD:
        return "a good pump failed"
    if is_bad_pump(part) or part.defects[0] in ALIKE:
        return None
    return "a good pump failed by a bad instrument"


def is_bad_pump(trial: Trial) -> bool:
    """Tell whether the pump itself is bad, be it hidden or not."""
    return any(defect_of(one).asset is Asset.PUMP for one in trial.defects)


def may_pass(trial: Trial) -> bool:
    """Tell whether the whole protocol may pass this one: it is no bad pump, or one of which nobody can know."""
    known = trial.defects not in NOT_KNOWABLE and not any(defect_of(one).name in OUT_OF_REACH for one in trial.defects)
    return trial.group is Group.MAGNITUDE or not (is_bad_pump(trial) and known)


def defect_of(text: str) -> Defect:
    """Return the row of the catalogue that `name=magnitude` asks for."""
    return DEFECTS[text.partition("=")[0]]


def _defects() -> list[Trial]:
    return [Trial(Group.DEFECT, (one.usual,)) for one in DEFECTS.values() if one.shows.chapter != IN_A_MONTH]


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
