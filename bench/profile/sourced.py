# SPDX-License-Identifier: Apache-2.0
"""A number that says where it comes from; a profile holds no other kind."""

import math
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from groundfloor.toml_file import TomlModel

ASSUMED = "assumed"


class Sourced(TomlModel):
    """A number with its source; the unit is in the name of the key that holds it.

    Attributes:
        value: the number, zero or more.
        source: the document it was taken from, with its address or its number; or a sentence that starts with
            "assumed" and may go on to say why.
    """

    value: float = Field(ge=0)
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _is_not_bare(cls, told: object) -> object:
        if isinstance(told, int | float):
            raise ValueError(f'a number needs its source: {{ value = {told}, source = "…" }}')  # noqa: TRY004  pydantic's way
        return told

    @model_validator(mode="after")
    def _is_finite(self) -> Self:
        if not math.isfinite(self.value):
            raise ValueError("the value is not a finite number")
        return self

    @property
    def assumed(self) -> bool:
        """Tell whether no document stands behind the number."""
        return self.source.startswith(ASSUMED)


class SourcedCount(Sourced):
    """A whole number over zero with its source."""

    value: int = Field(ge=1)  # a narrower type than the parent's on purpose: a count is a number as well


class SourcedFlag(TomlModel):
    """A yes or no with its source."""

    value: bool
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
