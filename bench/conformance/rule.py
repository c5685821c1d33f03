# SPDX-License-Identifier: Apache-2.0
"""A rule of *Build a rig*, and how it is tried."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.conformance.outcome import Outcome
from bench.conformance.trial_bench import TrialBench

Trial = Callable[[TrialBench], str]
"""Tries one rule and returns what was seen; raises Differs, NotTried, or the BenchFault of a driver."""

PAGE = "docs/how-to/build-a-rig.md"


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        number: as on the page, `R-12`.
        text: what a bench must do, in short.
        trial: tries it.
        moves: whether the trial writes to pump or rig, or changes the tare.
        needs: rules that this one rests on: where one of them differs, this one is not tried.
    """

    number: str
    text: str
    trial: Trial
    moves: bool = False
    needs: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Return where the page tells more."""
        return f"{PAGE}#{self.number.lower()}"


@dataclass(frozen=True)
class RuleFinding:
    """What became of one rule, and what was seen."""

    rule: Rule
    outcome: Outcome
    seen: str
