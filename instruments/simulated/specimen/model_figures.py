# SPDX-License-Identifier: Apache-2.0
"""Figures of a pump model that somebody sets otherwise than its file: `limits.greatest_rate_ul_per_h=1500`."""

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from groundfloor.errors import PlanError
from instruments.simulated.specimen.pump_model import PumpModel


def with_figures(model: PumpModel, figures: Sequence[str]) -> PumpModel:
    """Return the model with some of its figures set otherwise.

    Args:
        model: as its file has it.
        figures: `name=value` each, the name with dots as in the model's file, the value as in JSON.

    Raises:
        PlanError: there is no such figure, or it cannot have that value.
    """
    if not figures:
        return model
    content: dict[str, Any] = model.model_dump(exclude_none=True)
    known = [*_names(PumpModel.model_fields), *_leaves(content)]
    for one in figures:
        name, _, text = one.partition("=")
        if name not in known:
            begun = [figure for figure in known if figure.startswith(name)]
            close = begun or difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            raise PlanError(f"figure {one!r}", "set", f"{model.model} has no {name!r}", f"write {close[0]}=NUMBER")
        _set(content, name.split("."), _read(one, text))
    try:
        return PumpModel.model_validate(content)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise PlanError(f"figure {place} of {model.model}", "set", str(first["msg"]), "give another value") from wrong


def _read(figure: str, text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise PlanError(f"figure {figure!r}", "read", f"{text!r} is no value", "write NAME=NUMBER") from None


def _set(content: dict[str, Any], path: Sequence[str], value: object) -> None:
    *outer, last = path
    for key in outer:
        content = content.setdefault(key, {})
    content[last] = value


def _names(fields: Mapping[str, Any]) -> list[str]:
    """Return the names of all figures that a model may have, those of its parts with dots."""
    names = []
    for key, field in fields.items():
        parts = [one for one in (field.annotation, *getattr(field.annotation, "__args__", ())) if _is_part(one)]
        names += [f"{key}.{inner}" for part in parts for inner in _names(part.model_fields)] or [key]
    return names


def _is_part(kind: object) -> bool:
    return isinstance(kind, type) and hasattr(kind, "model_fields")


def _leaves(content: Mapping[str, Any]) -> list[str]:
    return [key for key, value in content.items() if not isinstance(value, Mapping)]
