# SPDX-License-Identifier: Apache-2.0
"""A recipe: how the files of one instrument are read, saved once and named for the next file of the kind."""

from dataclasses import fields, replace
from pathlib import Path

import tomli_w

from groundfloor.errors import PlanError
from groundfloor.toml_file import TomlModel, load_toml
from metrology.recording.column_choice import ColumnChoice
from metrology.recording.date_order import DateOrder
from metrology.recording.reading_options import ReadingOptions


class Recipe(TomlModel):
    """The options of `pumpbench analyse` that tell how a file is written, by their names; all may be missing."""

    time: str | None = None
    date: str | None = None
    mass: str | None = None
    volume: str | None = None
    time_unit: str | None = None
    every_s: float | None = None
    mass_unit: str | None = None
    volume_unit: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    date_order: str | None = None
    time_zone: str | None = None
    sheet: str | None = None
    pass_over: tuple[str, ...] = ()
    convert_units: bool = False
    loss_in_weight: bool = False
    only: tuple[str, ...] = ()
    increments: bool = False

    def completing(self, typed: ReadingOptions) -> ReadingOptions:
        """Return what was typed, and of the recipe what was not."""
        names = [field.name for field in fields(ColumnChoice) if field.name in type(self).model_fields]
        given = typed.columns
        if given.mass is not None or given.volume is not None:
            names = [name for name in names if not name.startswith(("mass", "volume"))]
        columns = replace(given, **{name: getattr(given, name) or getattr(self, name) for name in names})
        order = DateOrder(self.date_order) if self.date_order is not None else None
        return replace(
            typed,
            columns=columns,
            delimiter=typed.delimiter or _tab(self.delimiter),
            decimal=typed.decimal or self.decimal,
            thousands=typed.thousands or self.thousands,
            date_order=typed.date_order or order,
            time_zone=typed.time_zone or self.time_zone,
            sheet=typed.sheet or self.sheet,
            pass_over=typed.pass_over or self.pass_over,
            convert_units=typed.convert_units or self.convert_units,
            from_source=typed.from_source or self.loss_in_weight,
            only=typed.only or self.only,
            increments=typed.increments or self.increments,
        )


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        PlanError: there is none, or a key is wrong.
    """
    recipe = load_toml(path, Recipe, "recipe")
    if recipe.date_order is not None and recipe.date_order not in set(DateOrder):
        raise PlanError(f"recipe {path}", "check", f"date_order = '{recipe.date_order}'", "write dmy, mdy or ymd")
    return recipe


def save_recipe(path: Path, options: ReadingOptions) -> None:
    """Save how a file was read.

    Raises:
        PlanError: the file is there already, or cannot be written.
    """
    columns = options.columns
    told = {
        "time": columns.time,
        "date": columns.date,
        "mass": columns.mass,
        "volume": columns.volume,
        "time_unit": columns.time_unit,
        "every_s": columns.every_s,
        "mass_unit": columns.mass_unit,
        "volume_unit": columns.volume_unit,
        "delimiter": "tab" if options.delimiter == "\t" else options.delimiter,
        "decimal": options.decimal,
        "thousands": options.thousands,
        "date_order": str(options.date_order) if options.date_order is not None else None,
        "time_zone": options.time_zone,
        "sheet": options.sheet,
        "pass_over": list(options.pass_over) or None,
        "convert_units": options.convert_units or None,
        "loss_in_weight": options.from_source or None,
        "only": list(options.only) or None,
        "increments": options.increments or None,
    }
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write("# How `pumpbench analyse --recipe` reads a file of this kind.\n")
            file.write(tomli_w.dumps({key: value for key, value in told.items() if value is not None}))
    except OSError as refused:
        raise PlanError(f"recipe {path}", "save", str(refused), "name another file") from refused


def _tab(mark: str | None) -> str | None:
    return "\t" if mark == "tab" else mark
