# SPDX-License-Identifier: Apache-2.0
"""A method: a correction, a search or a rule; when its code changes, other figures may come of the same samples."""

from dataclasses import dataclass

from bench.journal.lines import Judgement


@dataclass(frozen=True)
class Method:
    """One method.

    Attributes:
        name: what people call it.
        version: `major.minor`; the major one rises with every change by which a figure or a verdict may come out
            otherwise, the minor one with a change of the code that makes the same figures.
        modules: dotted names of the modules that are its code; of a package all in it.
        budget_lines: how the names of the lines begin that it brings into a budget.
        declared: names under which its findings are judged.
        every_figure: whether everything that has a figure rests on it.
        every_verdict: whether everything rests on it.
    """

    name: str
    version: str
    modules: tuple[str, ...]
    budget_lines: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    every_figure: bool = False
    every_verdict: bool = False

    def is_under(self, judgement: Judgement) -> bool:
        """Tell whether a judgement rests on it."""
        if self.every_verdict or (self.every_figure and judgement.value is not None):
            return True
        if judgement.declared in self.declared:
            return True
        return any(line.name.startswith(self.budget_lines) for line in judgement.budget) if self.budget_lines else False


def major_of(version: str) -> str:
    """Return what of a version counts for the figures that are made."""
    return version.partition(".")[0]
