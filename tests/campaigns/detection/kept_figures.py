# SPDX-License-Identifier: Apache-2.0
"""What of a campaign is kept in the documents: one small JSON file for each group of trials."""

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.campaigns.detection.outcome import Outcome
from tests.campaigns.detection.parts import parts_of
from tests.campaigns.detection.trial import Group
from tests.campaigns.detection.trials import trials
from tests.campaigns.detection.whole_outcome import WholeOutcome, whole_outcomes


def keep(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Write `<group>.json` for each group of which there are outcomes; others that stand there stay.

    A trial, or a part of one, that the campaign no longer knows is dropped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for group in Group:
        fresh = {one.name: one for one in whole_outcomes(outcomes) if one.group is group}
        if not fresh:
            continue
        both = {one.name: one for one in kept(folder, group)}
        for name, one in fresh.items():
            both[name] = both[name].with_later(one) if name in both else one
        lines = ",\n".join(
            json.dumps(msgspec.to_builtins(_known(both[trial.name])), ensure_ascii=False)
            for trial in trials([group])
            if trial.name in both
        )
        (folder / f"{group}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def kept(folder: Path, group: Group) -> list[WholeOutcome]:
    """Return what was kept of a group; nothing where nothing was."""
    path = folder / f"{group}.json"
    return msgspec.json.decode(path.read_bytes(), type=list[WholeOutcome]) if path.is_file() else []


def _known(whole: WholeOutcome) -> WholeOutcome:
    known = {part.key for part in parts_of(whole.trial)}
    return WholeOutcome.of([one for one in whole.outcomes if one.key in known])
