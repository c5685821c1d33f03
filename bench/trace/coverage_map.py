# SPDX-License-Identifier: Apache-2.0
"""What a plan has to cover beside its requirements: defects met in the field, parts of the system, public sets.

Which requirement answers for what is written here and nowhere else. An id may be a pattern such as `RES-*`, so that a
row is filled when the requirements come; a row that nothing answers for is *open*, by its name.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bench.trace.requirements import Text
from groundfloor.toml_file import TomlModel, load_toml

Pattern = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-[0-9?*\[\]!-]+$")]
Patterns = Annotated[tuple[Pattern, ...], Field(strict=False)]


class FieldDefect(TomlModel):
    """A defect that was met in the field.

    Attributes:
        number: of its row in the collection of facts, domain §5.2.
        what: what happened.
        shown_by: names of rows of the catalogue that are such a defect, beside those whose source names the number.
    """

    number: int = Field(ge=1)
    what: Text
    shown_by: tuple[str, ...] = Field(default=(), strict=False)


class SystemPart(TomlModel):
    """A part of the system, or of what can become of it, that a protocol has to cover.

    Attributes:
        name: what people call it.
        requirements: ids and patterns of what the pump must do about it.
    """

    name: Text
    requirements: Patterns


class PublicItem(TomlModel):
    """One demand of a public set.

    Attributes:
        what: what it demands.
        covered_by: ids and patterns of the requirements that answer for it.
        not_applicable: why it does not concern such a pump.
    """

    what: Text
    covered_by: Patterns = ()
    not_applicable: str = ""

    @model_validator(mode="after")
    def _says_one_of_both(self) -> Self:
        if bool(self.covered_by) is bool(self.not_applicable):
            raise ValueError(f"{self.what!r}: say covered_by or not_applicable, one of both")
        return self


class PublicSet(TomlModel):
    """A public set of requirements or hazards.

    Attributes:
        name: what it is.
        source: where it stands.
        item: its demands.
    """

    name: Text
    source: Text
    item: tuple[PublicItem, ...] = Field(strict=False, min_length=1)


class OutOfScope(TomlModel):
    """What no bench can test.

    Attributes:
        what: which harm or event.
        why: why a bench cannot.
    """

    what: Text
    why: Text


class CoverageMap(TomlModel):
    """All of it, in the order of the file."""

    field_defect: tuple[FieldDefect, ...] = Field(strict=False, min_length=1)
    system_part: tuple[SystemPart, ...] = Field(strict=False, min_length=1)
    public_set: tuple[PublicSet, ...] = Field(strict=False, min_length=1)
    out_of_scope: tuple[OutOfScope, ...] = Field(strict=False, min_length=1)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load a map from a TOML file.

        Raises:
            PlanError: the file is missing or wrong.
        """
        return load_toml(path, cls, "coverage map")


def ids_that_fit(patterns: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return the known ids that any of the patterns names, in their own order."""
    wanted = tuple(patterns)
    return tuple(one for one in known if any(fnmatchcase(one, pattern) for pattern in wanted))
