# SPDX-License-Identifier: Apache-2.0
"""The requirements baseline: what the pump must do, by number and revision, and which risk each requirement controls.

Requirements are kept wherever a maker keeps them; the bench needs one pinned set. A test names the requirements that it
verifies by their id, and an id that the baseline does not have is an error, not an untraced test.
"""

import difflib
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Self

import tomli_w
from pydantic import Field, StringConstraints, model_validator

from groundfloor.errors import PlanError
from groundfloor.toml_file import TomlModel, load_toml

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\s@,;|](?:[^@,;|\n]{0,126}[^\s@,;|])?$")]
"""As the lab's own tool numbers it: `DEL-001`, `SRS_4711`, `PUMP/REQ 4.2.1`. What joins ids in records is in none."""


class RiskControl(TomlModel):
    """A measure against a hazard.

    Attributes:
        id: its number in the risk management file.
        hazard: what could harm the patient.
        source: where it was seen in the field, if it was.
    """

    id: Id
    hazard: Text
    source: str = ""


class Requirement(TomlModel):
    """One requirement.

    Attributes:
        id: its number.
        revision: counts up when the text changes.
        feature: the group that it belongs to.
        text: what the pump shall do.
        risk_controls: ids of the risk controls that it is part of.
    """

    id: Id
    revision: int = Field(ge=1)
    feature: Text
    text: Text
    risk_controls: tuple[Id, ...] = Field(default=(), strict=False)

    @property
    def label(self) -> str:
        """Return id and revision, as records cite it: `DEL-001@1`."""
        return f"{self.id}@{self.revision}"

    @property
    def text_sha256(self) -> str:
        """Return the hash of the text: a requirement that was reworded under one revision shows by it."""
        return hashlib.sha256(" ".join(self.text.split()).encode()).hexdigest()


class Baseline(TomlModel):
    """Which set of requirements this is."""

    id: Text
    revision: int = Field(ge=1)


class Requirements(TomlModel):
    """A baseline with its requirements and risk controls, in the order of the file.

    Attributes:
        baseline: which set it is.
        requirement: what the pump must do.
        risk_control: against which hazards.
        standing: which requirements are judged by what every infusion judges; keys are those of
            `bench.acceptance.Standing`.
    """

    baseline: Baseline
    requirement: tuple[Requirement, ...] = Field(strict=False, min_length=1)
    risk_control: tuple[RiskControl, ...] = Field(default=(), strict=False)
    standing: Mapping[str, Annotated[tuple[Id, ...], Field(strict=False)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _ids_are_sound(self) -> Self:
        known = Counter([one.id for one in self.requirement] + [one.id for one in self.risk_control])
        problems = [f"{name} is there {count} times" for name, count in known.items() if count > 1]
        risk_controls = {control.id for control in self.risk_control}
        problems += [
            f"{one.id} names {name}, which is no risk control of the file"
            for one in self.requirement
            for name in one.risk_controls
            if name not in risk_controls
        ]
        there = {one.id for one in self.requirement}
        problems += [
            f"standing.{key} names {name}, which is no requirement of the file"
            for key, names in self.standing.items()
            for name in names
            if name not in there
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load a baseline from a TOML file.

        Raises:
            PlanError: the file is missing or wrong, or an id is there twice or unknown.
        """
        return load_toml(path, cls, "requirements")

    def joined_with(self, shipped: Self) -> Self:
        """Return these with the shipped ones behind them: the lab's own baseline, plus what shipped chapters verify.

        What every infusion judges is bound as these say, and as the shipped ones say where these are silent.

        Raises:
            PlanError: both have a requirement of one id, or differ in a risk control of one id.
        """
        own = {one.id for one in self.requirement}
        twice = sorted(own & {one.id for one in shipped.requirement})
        controls = {one.id: one for one in self.risk_control}
        twice += [one.id for one in shipped.risk_control if controls.get(one.id, one) != one]
        if twice:
            seen = f"the shipped requirements have {', '.join(twice)} as well"
            next_step = "number yours otherwise, or set shipped_chapters = [] in the project file"
            raise PlanError(f"requirements {self.baseline.id}", "join", seen, next_step)
        more = tuple(one for one in shipped.risk_control if one.id not in controls)
        return self.model_copy(
            update={
                "requirement": (*self.requirement, *shipped.requirement),
                "risk_control": (*self.risk_control, *more),
                "standing": {**shipped.standing, **self.standing},
            }
        )

    def to_toml(self) -> str:
        """Return it as the text of a file that `load` reads."""
        return tomli_w.dumps(self.model_dump(mode="json"))

    def get(self, requirement_id: str) -> Requirement:
        """Return the requirement with this id.

        Raises:
            PlanError: there is none.
        """
        return self.select([requirement_id])[0]

    def select(self, requirement_ids: Iterable[str]) -> tuple[Requirement, ...]:
        """Return the requirements with these ids, in the order asked for.

        Raises:
            PlanError: ids are unknown; all of them are named, each with the nearest that there is.
        """
        known = {one.id: one for one in self.requirement}
        wanted = list(requirement_ids)
        unknown = [_nearest(name, known) for name in wanted if name not in known]
        if unknown:
            raise PlanError(
                f"requirements {self.baseline.id}",
                "look up",
                f"unknown: {', '.join(unknown)}",
                "mend the id in the test, or add the requirement to the baseline",
            )
        return tuple(known[name] for name in wanted)

    def of_feature(self, feature: str) -> tuple[Requirement, ...]:
        """Return the requirements of one group."""
        return tuple(one for one in self.requirement if one.feature == feature)

    def controlling(self, risk_control_id: str) -> tuple[Requirement, ...]:
        """Return the requirements that are part of a risk control."""
        return tuple(one for one in self.requirement if risk_control_id in one.risk_controls)


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"{name!r}" + (f" (did you mean {close[0]!r}?)" if close else "")
