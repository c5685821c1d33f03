# SPDX-License-Identifier: Apache-2.0
"""The whole protocol of a trial, chapter by chapter, and in which order a campaign makes them.

A chapter runs alone as it runs beside the others, on a twin of its own: what all of them come to is what the whole
protocol comes to. All of them of all trials take days of a processor, so they are made in an order drawn by lot, the
same each time: however far a campaign came, what it made is a fair sample. The first part of a bad pump is the test
that the catalogue names; a pump of which a part did not pass can no longer pass the whole, and no more of it is made.
"""

import hashlib
from collections.abc import Iterable, Sequence

from cli.chapters import known_chapters
from instruments.simulated.specimen.defect import Asset
from metrology.verdict import Verdict
from tests.campaigns.detection.outcome import Outcome
from tests.campaigns.detection.trial import Group, Trial
from tests.campaigns.detection.trials import IN_A_MONTH, defect_of, is_bad_pump

OF_ANOTHER_PUMP = "screening_trial"
"""The chapter of an external pump."""
WHOLE = tuple(chapter for chapter in known_chapters() if chapter not in (OF_ANOTHER_PUMP, IN_A_MONTH))


def parts_of(trial: Trial) -> list[Trial]:
    """Return all parts of a trial, the one that shows its defect first; of a trial that is one part, itself."""
    if trial.chapter:
        return [trial]
    return [*_first(trial), *(trial.part(chapter) for chapter in WHOLE)]


def in_order(trials: Iterable[Trial], made_before: Sequence[Outcome]) -> list[Trial]:
    """Return the parts of these trials in the order to make them.

    Those that show a defect come first, then those that no campaign has made; within these by lot.
    """
    before = {one.key for one in made_before}
    parts = [part for trial in trials for part in parts_of(trial)]
    return sorted(parts, key=lambda part: (not part.test, part.key in before, _lot(part)))


def can_no_longer_pass(part: Trial, made: Iterable[Outcome]) -> bool:
    """Tell whether this part is of a bad pump of which another part did not pass."""
    mine = (one for one in made if (one.group, one.name) == (part.group, part.name))
    return any(one.verdict != Verdict.PASS for one in mine) and is_bad_pump(part)


def _first(trial: Trial) -> list[Trial]:
    if trial.group is not Group.DEFECT:
        return []
    defect = defect_of(trial.defects[0])
    if defect.asset is not Asset.PUMP:
        return []
    return [trial.part(defect.shows.chapter, defect.shows.test or "", defect.shows.profile)]


def _lot(part: Trial) -> bytes:
    return hashlib.sha256("/".join(part.key).encode()).digest()
