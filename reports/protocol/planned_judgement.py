# SPDX-License-Identifier: Apache-2.0
"""One judgement that a test is going to make."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlannedJudgement:
    """What is going to be judged, and by what.

    Attributes:
        name: as the plan declares it.
        measurand: the quantity or the event.
        requirements: ids and revisions of what it is evidence for.
        limits: in words, with their unit; empty where the profile has none for it.
        source: where the limits come from.
        numbers: keys of the profile's figures that they are made of, as far as the source names them.
        assumed: whether a figure that they are made of is an assumption.
        times: how often; None for once or more.
        sample_size: why so often, and what that many allow to say.
        cases: the cases of a test with several in which it is judged; empty for all.
        standing: whether every infusion judges it, so that no plan has to.
    """

    name: str
    measurand: str
    requirements: tuple[str, ...]
    limits: str
    source: str
    numbers: tuple[str, ...]
    assumed: bool
    times: int | None
    sample_size: str
    cases: tuple[str, ...] = ()
    standing: bool = False
