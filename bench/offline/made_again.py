# SPDX-License-Identifier: Apache-2.0
"""What came of making the figures of a test again: how many are as recorded, which differ, which could not be made."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import msgspec

from bench.journal import JournalLine
from bench.journal.lines import Judgement, Line, Mark, Volume
from bench.recorded.contradiction import Contradiction
from metrology.gravimetry import BalanceMark

RELATIVE = 1e-6
ABSOLUTE = 1e-6
OF_U = 2e-3
"""Instants stand in a journal in milliseconds, and figures of lines of events in their last shown digit."""
OF_DOF = 1e-3
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_WORDS = ("name", "measurand", "declared", "unit", "rule", "verdict", "limits_source", "qualifiers")
_FIGURES = ("value", "expanded_uncertainty", "lower", "upper", "coverage_factor", "dof", "at_least", "at_most")


@dataclass
class MadeAgain:
    """The judgements of a run, made again.

    Attributes:
        same: ids of those that came out as recorded.
        differences: what came out otherwise; a judgement, or a weighed volume, by its id.
        not_made: by id of a judgement that could not be made again, why.
        turned: judgements that have another verdict now, each with that, and with the value of now.
    """

    same: list[str] = field(default_factory=list)
    differences: list[Contradiction] = field(default_factory=list)
    not_made: dict[str, str] = field(default_factory=dict)
    turned: list[tuple[Judgement, str, float | None]] = field(default_factory=list)

    def add(self, other: "MadeAgain") -> None:
        """Take over what came of other tests of the same run."""
        self.same += other.same
        self.differences += other.differences
        self.not_made |= other.not_made
        self.turned += other.turned

    def hold(self, line: JournalLine, made: Mapping[str, Any]) -> None:
        """Hold what was made again against its line in the journal.

        Args:
            line: as recorded.
            made: what the bench's code would write now.
        """
        match line.body:
            case Judgement() as judged:
                found = list(_judged_otherwise(judged, made))
                self.differences += found
                if not found:
                    self.same.append(judged.id)
                if (now := str(made["verdict"])) != judged.verdict:
                    self.turned.append((judged, now, made.get("value")))
            case Volume() as volume:
                self.differences += _weighed_otherwise(volume, made)

    def hold_mark(self, line: Line) -> None:
        """Hold a mark against the readings that it was made of; one without them is passed over, as any other line."""
        if not isinstance(line, Mark) or not line.result.times_s:
            return
        recorded = line.result.mass
        mark = BalanceMark.fit(line.result.times_s, line.result.masses_g, recorded.reading_takes_s)
        for name, made in asdict(mark).items():
            told = getattr(recorded, name)
            if not math.isclose(told, made, rel_tol=RELATIVE, abs_tol=ABSOLUTE):
                self.differences.append(Contradiction(line.id, f"{name} {told}", f"{made} (from its readings)"))


def _judged_otherwise(judged: Judgement, made: Mapping[str, Any]) -> Iterator[Contradiction]:
    recorded: dict[str, Any] = msgspec.to_builtins(judged)
    for name in _WORDS:
        now = msgspec.to_builtins(made.get(name, ""))
        if _words(recorded[name]) != _words(now):
            yield Contradiction(judged.id, f"{name} {recorded[name]!r}", repr(now))
    room = OF_U * abs(judged.expanded_uncertainty or 0.0)
    for name in _FIGURES:
        if not same_figure(recorded[name], made.get(name), _room_of(name, recorded[name], room)):
            yield Contradiction(
                judged.id, f"{name} {recorded[name]}", f"{made.get(name)} (made again from the samples)"
            )
    yield from _budget(judged, made.get("budget") or (), room)


def _budget(judged: Judgement, made: Any, room: float) -> Iterator[Contradiction]:
    now = [(str(one["name"]), one["contribution"]) for one in made]
    then = [(one.name, one.contribution) for one in judged.budget]
    if [name for name, _ in then] != [name for name, _ in now]:
        yield Contradiction(judged.id, "its budget", f"one of other lines: {', '.join(name for name, _ in now)}")
        return
    for (name, recorded), (_, contribution) in zip(then, now, strict=True):
        if not same_figure(recorded, contribution, room):
            yield Contradiction(judged.id, f"{name} with {recorded} in its budget", f"{contribution}")


def _weighed_otherwise(volume: Volume, made: Mapping[str, Any]) -> Iterator[Contradiction]:
    quantity, now = volume.quantity, made["quantity"]
    room = OF_U * abs(quantity.expanded_uncertainty or 0.0)
    for name in ("value", "standard_uncertainty", "dof", "expanded_uncertainty"):
        recorded = getattr(quantity, name)
        if not same_figure(recorded, now[name], _room_of(name, recorded, room)):
            yield Contradiction(volume.id, f"{name} {recorded} µL", f"{now[name]} µL (made again from the samples)")


def _room_of(name: str, recorded: float | None, room: float) -> float:
    """Return how far a figure may lie from the recorded one; degrees of freedom and k follow from rounded figures."""
    return OF_DOF * abs(recorded or 0.0) if name in ("dof", "coverage_factor") else room


def same_figure(recorded: float | None, made: float | None, room: float = 0.0) -> bool:
    """Tell whether two figures are one but for rounding; one that is no finite number stands as None."""
    if recorded is None or made is None or not math.isfinite(made):
        return recorded is None and (made is None or not math.isfinite(made))
    return math.isclose(recorded, made, rel_tol=RELATIVE, abs_tol=max(room, 1e-9))


def _words(told: Any) -> Any:
    """Return words with their numbers in four digits: a rounded instant may show in the last one."""
    if isinstance(told, list | tuple):
        return [_words(one) for one in told]
    return _NUMBER.sub(lambda found: f"{float(found[0]):.4g}", told) if isinstance(told, str) else told
