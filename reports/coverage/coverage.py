# SPDX-License-Identifier: Apache-2.0
"""Joins the coverage map with the baseline, the chapters and the catalogue of defects.

A requirement is *shown* if a chapter judges it and a bad pump of the catalogue reddens it there. A row of the map is
open while nothing that is shown answers for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bench.trace import Requirements
from bench.trace.coverage_map import CoverageMap, FieldDefect, ids_that_fit
from instruments.simulated.specimen.defect import Asset, Defect

MET_IN_THE_FIELD = re.compile(r"domain §5\.2, (\d+)")
EVERY_INFUSION = "every infusion"


@dataclass(frozen=True)
class Coverage:
    """What is covered by what.

    Attributes:
        plan: the map.
        requirements: the baseline.
        judged: by chapter the ids of the requirements that its tests judge.
        defects: the catalogue, by name.
    """

    plan: CoverageMap
    requirements: Requirements
    judged: Mapping[str, frozenset[str]]
    defects: Mapping[str, Defect]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of all requirements, in the order of the baseline."""
        return tuple(one.id for one in self.requirements.requirement)

    @cached_property
    def chapters_of(self) -> Mapping[str, tuple[str, ...]]:
        """Return by requirement the chapters that judge it; `every infusion` where no plan has to ask."""
        standing = {name for names in self.requirements.standing.values() for name in names}
        return {
            one: (
                *((EVERY_INFUSION,) if one in standing else ()),
                *(chapter for chapter, judged in self.judged.items() if one in judged),
            )
            for one in self.ids
        }

    @cached_property
    def defects_of(self) -> Mapping[str, tuple[str, ...]]:
        """Return by requirement the bad pumps that redden it."""
        pumps = [one for one in self.defects.values() if one.asset is Asset.PUMP]
        return {one: tuple(pump.name for pump in pumps if one in pump.shows.reddens) for one in self.ids}

    def is_shown(self, requirement_id: str) -> bool:
        """Tell whether a chapter judges a requirement, and a bad pump reddens it."""
        return bool(self.chapters_of[requirement_id] and self.defects_of[requirement_id])

    def met_as(self, field: FieldDefect) -> tuple[Defect, ...]:
        """Return the bad pumps that are such a defect and redden a requirement."""
        return tuple(
            one
            for one in self.defects.values()
            if one.shows.reddens and (one.name in field.shown_by or field.number in numbers_of(one))
        )

    def fields_of(self, requirement_id: str) -> tuple[int, ...]:
        """Return the numbers of the field's defects that a requirement finds."""
        return tuple(
            field.number
            for field in self.plan.field_defect
            if any(requirement_id in one.shows.reddens for one in self.met_as(field))
        )

    def parts_of(self, requirement_id: str) -> tuple[str, ...]:
        """Return the parts of the system that a requirement answers for."""
        return tuple(one.name for one in self.plan.system_part if ids_that_fit(one.requirements, [requirement_id]))

    def shown_of(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        """Return the requirements of some patterns that are shown."""
        return tuple(one for one in ids_that_fit(patterns, self.ids) if self.is_shown(one))

    @property
    def open(self) -> frozenset[str]:
        """Return the names of all rows that nothing answers for."""
        fields = (f"field defect {one.number}" for one in self.plan.field_defect if not self.met_as(one))
        parts = (f"part: {one.name}" for one in self.plan.system_part if not self.shown_of(one.requirements))
        public = (
            f"{one.name}: {item.what}"
            for one in self.plan.public_set
            for item in one.item
            if item.covered_by and not self.shown_of(item.covered_by)
        )
        requirements = (f"requirement {one}" for one in self.ids if not self.is_shown(one))
        return frozenset({*fields, *parts, *public, *requirements})

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """Return what the map names and is not there: defects of the catalogue."""
        return tuple(
            f"field defect {one.number}: {name}"
            for one in self.plan.field_defect
            for name in one.shown_by
            if name not in self.defects
        )


def numbers_of(defect: Defect) -> frozenset[int]:
    """Return the numbers of the field's defects that a row of the catalogue says it is."""
    return frozenset(int(number) for number in MET_IN_THE_FIELD.findall(defect.source))
