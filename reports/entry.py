# SPDX-License-Identifier: Apache-2.0
"""One test in a summary: what it verified, what it measured, how it ended."""

import math
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from bench.journal.lines import Judgement
from metrology.verdict import Verdict, worst


def _verdict(word: object) -> object:
    return word.upper() if isinstance(word, str) else word


VerdictName = Annotated[Verdict, BeforeValidator(_verdict), PlainSerializer(lambda verdict: verdict.name)]
"""A verdict that is written in capitals and read in any case."""


class MeasuredValue(BaseModel):
    """A judged finding; the figures are None where it is a yes or a no.

    Attributes:
        id: of the judgement in the journal.
        declared: the name under which the test said that it would judge this.
        requirements: what it is evidence for, such as `DEL-001@1`.
        value, lower, upper: measured value and limits in `unit`.
        expanded_uncertainty: U in `unit`, for the coverage factor k.
        uncertainty_ratio, worst_false_accept, conformance_probability: how sure the verdict is, as `Judgement` says;
            None in journals that were written before it was told.
        first_verdict: what it was before the balance turned out not to be trusted; None where it stands.
        infusion, window: ids of the infusion, and of the weighed volume that the value comes from.
        measurand: what was judged, the same in every window.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    id: str = ""
    declared: str = ""
    requirements: tuple[str, ...] = ()
    value: float | None = None
    unit: str = ""
    expanded_uncertainty: float | None = None
    coverage_factor: float | None = None
    lower: float | None = None
    upper: float | None = None
    verdict: VerdictName
    first_verdict: VerdictName | None = None
    reason: str
    rule: str = ""
    limits_source: str = ""
    uncertainty_ratio: float | None = None
    worst_false_accept: float | None = None
    conformance_probability: float | None = None
    infusion: str | None = None
    measurand: str = ""
    window: str = ""

    @classmethod
    def of(cls, judgement: Judgement, at_the_end: Verdict | None = None, why: str = "") -> Self:
        """Return what a line of the journal judged.

        Args:
            judgement: the line.
            at_the_end: what became of it when the run was over; None where it stands.
            why: a sentence for that.
        """
        labels = tuple(one.label for one in judgement.requirements)
        same = [name for name in cls.model_fields if name != "first_verdict"]
        told: dict[str, Any] = {name: getattr(judgement, name) for name in same} | {"requirements": labels}
        if at_the_end is not None:
            reason = f"{judgement.name}: {why}; first it was {judgement.verdict}: {judgement.reason}"
            told |= {"verdict": at_the_end, "first_verdict": judgement.verdict, "reason": reason}
        return cls(**told)

    @property
    def room(self) -> float:
        """Return how far inside its limits the value is after U is taken off, as a share of the limits' scale.

        The smaller, the closer the verdict was; infinite where there is nothing to compare.
        """
        if self.value is None:
            return math.inf
        edges = [limit for limit in (self.lower, self.upper) if limit is not None]
        scale = max((abs(limit) for limit in edges), default=0.0) or 1.0
        above = math.inf if self.lower is None else self.value - self.lower
        below = math.inf if self.upper is None else self.upper - self.value
        return (min(above, below) - (self.expanded_uncertainty or 0.0)) / scale


class Entry(BaseModel):
    """One test of a run.

    Attributes:
        node: pytest's node id.
        reason: why it ended so, in a sentence; empty for PASS.
        started_s, ended_s: bench time; `ended_s` is None when the run ended first.
    """

    model_config = ConfigDict(frozen=True)

    node: str
    title: str
    chapter: str
    verdict: VerdictName
    reason: str
    requirements: tuple[str, ...]
    risk_controls: tuple[str, ...]
    values: tuple[MeasuredValue, ...]
    started_s: float
    ended_s: float | None

    @property
    def deciding_value(self) -> MeasuredValue | None:
        """Return the value that speaks for the verdict: of the worst ones the one with the least room."""
        decisive = worst(value.verdict for value in self.values)
        candidates = [value for value in self.values if value.verdict is decisive]
        return min(candidates, key=lambda value: value.room, default=None)
