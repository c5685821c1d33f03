# SPDX-License-Identifier: Apache-2.0
"""One run that a campaign makes: which twin, and through which part of the protocol."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self


class Group(StrEnum):
    """What a trial is for."""

    DEFECT = "defect"
    MAGNITUDE = "magnitude"
    PAIR = "pair"
    GOOD = "good"
    SHOWING = "showing"


@dataclass(frozen=True)
class Trial:
    """A run to be made.

    Attributes:
        group: what it is for.
        defects: what is wrong with the twin; none for a good one.
        seed: of the twin, which draws the individual as well.
        chapter: the only chapter; empty for the whole protocol.
        test: what picks a test in it; empty for all.
        profile: the pump; empty for the one of 20 mL.
    """

    group: Group
    defects: tuple[str, ...] = ()
    seed: int = 1
    chapter: str = ""
    test: str = ""
    profile: str = ""

    @property
    def name(self) -> str:
        """Return what it is called; no two of a group are called the same."""
        return "+".join(self.defects) if self.defects else f"seed {self.seed}"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what tells it from every other."""
        return self.group, self.name, self.chapter, self.test

    def is_called(self, name: str) -> bool:
        """Tell whether this is its name, or a defect of it, with a magnitude or without, or its seed."""
        names = {self.name, *self.defects, *(defect.partition("=")[0] for defect in self.defects)}
        return name in names or (not self.defects and name == str(self.seed))

    def part(self, chapter: str, test: str = "", profile: str = "") -> Self:
        """Return the part of it that is this chapter, or one test of it."""
        return replace(self, chapter=chapter, test=test, profile=profile or self.profile)

    @property
    def words(self) -> list[str]:
        """Return the words of `pumpbench run` behind the folder."""
        words = [f"--seed={self.seed}", *(f"--defect={defect}" for defect in self.defects)]
        words += [f"--chapter={self.chapter}"] if self.chapter else []
        words += [f"--profile={self.profile}"] if self.profile else []
        # what pytest keeps an eye on for tests of Python costs a second of a short run
        plugins = ["-p", "no:unraisableexception", "-p", "no:hypothesispytest"]
        return [*words, "--", *plugins, *(["-k", self.test] if self.test else [])]
