# SPDX-License-Identifier: Apache-2.0
"""Makes the lines of a journal from what the bench says: with their ids, and each held against the model of its kind.

What does not fit its model is an error of ours, told at once: a field that is missing or unknown, a number that is
none, an event that is in no table. `bench.journal.lines` is where a new one is added.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn, Protocol

import msgspec

from bench.journal.journal_format import FORMAT, UNVERSIONED, JournalFormat
from bench.journal.line_ids import LineIds
from bench.journal.lines import JournalOpened, Line, Sample, model_of
from groundfloor.errors import BenchFault, PlanError

_SAMPLE = frozenset(Sample.__struct_fields__)


class Maker(Protocol):
    """What a journal asks for its lines."""

    def first(self) -> Line | None:
        """Return the line that a new journal begins with if nobody gives another; None for none."""
        ...

    def make(self, kind: str, data: Mapping[str, Any]) -> Line:
        """Return the line that says `data`."""
        ...

    def sample(self, data: dict[str, Any]) -> Line:
        """Return a sample; as `make`, for the line that is written most."""
        ...

    def follow(self, kind: str, data: Mapping[str, Any]) -> None:
        """Take note of a line that is in the journal already."""
        ...

    def begun_with(self, version: JournalFormat) -> None:
        """Refuse to go on with a journal of another format."""
        ...


class LineMaker:
    """Makes the lines of one journal, in their order."""

    def __init__(self) -> None:
        self._ids = LineIds()

    def first(self) -> Line:
        """Return a first line that tells the format alone: of a journal that keeps no inputs."""
        return JournalOpened(format=str(FORMAT))

    def make(self, kind: str, data: Mapping[str, Any]) -> Line:
        """Return the line that says `data`.

        Raises:
            PlanError: they do not fit the model of their kind, or there is none.
        """
        model = model_of(kind, data.get("what"))
        if model is None:
            _refuse(kind, data, "this version has no model for it")
        try:
            given = json.loads(json.dumps(data, allow_nan=False))
        except (TypeError, ValueError) as odd:
            _refuse(kind, data, str(odd), odd)
        filled = self._ids.filled(kind, given)
        try:
            line = msgspec.convert(filled, model)
        except msgspec.ValidationError as misfit:
            _refuse(kind, data, str(misfit), misfit)
        if lost := _beyond(filled, msgspec.to_builtins(line), ""):
            _refuse(kind, data, f"its model has no {', '.join(lost)}")
        return line

    def sample(self, data: dict[str, Any]) -> Line:
        """Return the sample that says `data`, whose infusion is given by its name.

        Raises:
            PlanError: as `make`; or no infusion of that name has begun.
        """
        if data.keys() != _SAMPLE:
            _refuse("sample", data, f"missing or unknown: {', '.join(sorted(data.keys() ^ _SAMPLE))}")
        infusion = self._ids.infusion_named(data["infusion"])
        if not infusion:
            _refuse("sample", data, f"no infusion {data['infusion']!r} has begun in this test")
        data["infusion"] = infusion
        try:
            return msgspec.convert(data, Sample)
        except msgspec.ValidationError:  # perhaps a number of a library's own kind
            return self._plain(data)

    def _plain(self, data: dict[str, Any]) -> Line:
        try:
            return msgspec.convert(json.loads(json.dumps(data, allow_nan=False)), Sample)
        except (TypeError, ValueError, msgspec.ValidationError) as misfit:
            _refuse("sample", data, str(misfit), misfit)

    def follow(self, kind: str, data: Mapping[str, Any]) -> None:
        """Take the ids of a line that is in the journal already."""
        self._ids.follow(kind, data)

    def begun_with(self, version: JournalFormat) -> None:
        """Refuse to go on with a journal of another format.

        Raises:
            BenchFault: lines of two formats would stand in one journal.
        """
        if version != FORMAT:
            told = "has none" if version == UNVERSIONED else f"is {version}"
            seen = f"its format {told}, this version writes {FORMAT}"
            raise BenchFault("journal", "go on with it", seen, "resume it with the version that began it")


def _refuse(kind: str, data: Mapping[str, Any], seen: str, cause: Exception | None = None) -> NoReturn:
    what = data.get("what")
    asset = f"journal line {kind}" + (f" {what!r}" if isinstance(what, str) else "")
    raise PlanError(asset, "write", seen, "mend what is written, or its model in bench/journal/lines") from cause


def _beyond(given: object, kept: object, path: str) -> list[str]:
    """Return where `given` says more than `kept`."""
    if isinstance(given, dict) and isinstance(kept, dict):
        lost = [f"{path}{name}" for name in given if name not in kept]
        return lost + [
            one for name in given.keys() & kept.keys() for one in _beyond(given[name], kept[name], f"{path}{name}.")
        ]
    if isinstance(given, list) and isinstance(kept, list | tuple):
        return [one for pair in zip(given, kept, strict=True) for one in _beyond(*pair, path)]
    return []
