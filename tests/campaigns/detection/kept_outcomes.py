# SPDX-License-Identifier: Apache-2.0
"""The outcomes of a campaign, a line each, appended as they come: it can be stopped and gone on with."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock

import msgspec

from tests.campaigns.detection.outcome import Outcome
from tests.campaigns.detection.trial import Trial


class KeptOutcomes:
    """A file of lines; a torn last one is as if it had never been."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def append(self, outcome: Outcome) -> None:
        """Add a line, in the place of one that was torn."""
        with self._lock, self._path.open("a+b") as file:
            file.truncate(len(self._whole()))
            file.write(msgspec.json.encode(outcome) + b"\n")

    def all(self) -> list[Outcome]:
        """Return all that there are; of one trial the last."""
        latest: dict[tuple[str, ...], Outcome] = {}
        for one in self._read():
            latest[one.key] = one
        return list(latest.values())

    def outstanding(self, trials: Iterable[Trial], code: str) -> list[Trial]:
        """Return the trials that this code has not made yet."""
        made = {outcome.key for outcome in self.all_by(code)}
        return [trial for trial in trials if trial.key not in made]

    def all_by(self, code: str) -> list[Outcome]:
        """Return what this code has made."""
        return [outcome for outcome in self.all() if outcome.code == code]

    def of(self, trials: Sequence[Trial]) -> list[Outcome]:
        """Return what is known of these trials, in their order."""
        known = self.all()
        by_key = {outcome.key: outcome for outcome in known}
        return [by_key[trial.key] for trial in trials if trial.key in by_key]

    def _read(self) -> list[Outcome]:
        return [msgspec.json.decode(line, type=Outcome) for line in self._whole().splitlines()]

    def _whole(self) -> bytes:
        content = self._path.read_bytes() if self._path.is_file() else b""
        return content[: content.rfind(b"\n") + 1]
