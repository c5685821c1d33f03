# SPDX-License-Identifier: Apache-2.0
"""Holds what each row of the catalogue claims against what its test really makes of it."""

from collections.abc import Sequence

from tests.campaigns.detection.outcome import Outcome
from tests.campaigns.detection.trial import Trial
from tests.campaigns.detection.trials import defect_of


def claim_differs(trial: Trial, outcome: Outcome) -> str | None:
    """Return how a row of the catalogue must be changed to be true; None for one that is."""
    shows = defect_of(trial.defects[0]).shows
    if (shows.ends, shows.reddens) == (outcome.verdict, outcome.reddened):
        return None
    return f"{_words(shows.ends, shows.reddens)} is claimed, {_words(outcome.verdict, outcome.reddened)} is true"


def differences(trials: Sequence[Trial], outcomes: Sequence[Outcome]) -> list[str]:
    """Return a table to go through: each row whose claim is not true, as two lines of a diff with the reason."""
    lines = []
    for trial in trials:
        for outcome in outcomes:
            if not outcome.is_of(trial) or claim_differs(trial, outcome) is None:
                continue
            shows = defect_of(trial.defects[0]).shows
            lines += [
                f"@@ {outcome.name} in {outcome.chapter}, {outcome.test or 'all'} @@",
                f"-{_words(shows.ends, shows.reddens)}",
                f"+{_words(outcome.verdict, outcome.reddened)}",
                *([f"  {outcome.reason}"] if outcome.reason else []),
            ]
    return lines


def _words(ends: str, reddens: Sequence[str]) -> str:
    return f"{ends} {' '.join(reddens)}".strip()
