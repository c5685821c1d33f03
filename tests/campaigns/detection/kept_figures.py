# SPDX-License-Identifier: Apache-2.0
"""What of a campaign is kept in the documents: one small JSON file for each group of trials."""

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.campaigns.detection.outcome import Outcome
from tests.campaigns.detection.trial import Group
from tests.campaigns.detection.trials import trials


def keep(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Write `<group>.json` for each group of which there are outcomes; others that stand there stay.

    A row whose trial is no longer made is dropped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for group in Group:
        fresh = {outcome.name: outcome for outcome in outcomes if outcome.group is group}
        if fresh:
            before = {outcome.name: outcome for outcome in kept(folder, group)}
            both = before | fresh
            of_group = [both[trial.name] for trial in trials([group]) if trial.name in both]
            lines = ",\n".join(json.dumps(msgspec.to_builtins(one), ensure_ascii=False) for one in of_group)
            (folder / f"{group}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def kept(folder: Path, group: Group) -> list[Outcome]:
    """Return what was kept of a group; nothing where nothing was."""
    path = folder / f"{group}.json"
    return msgspec.json.decode(path.read_bytes(), type=list[Outcome]) if path.is_file() else []
