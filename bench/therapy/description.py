# SPDX-License-Identifier: Apache-2.0
"""Reads the numbers of a therapy that a journal describes, and checks those that a plan gives."""

import math
from collections.abc import Mapping

from groundfloor.errors import PlanError

Description = Mapping[str, object]
"""What `Therapy.describe` returned, as it comes back from JSON."""


def number(description: Description, key: str) -> float:
    """Return the number called `key`.

    Raises:
        PlanError: it is missing or is no number.
    """
    value = description.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PlanError(f"therapy {description.get('mode')}", f"read {key}", f"{value!r} is no number")
    return value


def whole_number(description: Description, key: str) -> int:
    """Return the whole number called `key`.

    Raises:
        PlanError: it is missing or is no whole number.
    """
    value = number(description, key)
    if not float(value).is_integer():
        raise PlanError(f"therapy {description.get('mode')}", f"read {key}", f"{value!r} is no whole number")
    return int(value)


def refuse(therapy: str, complaints: Mapping[str, bool]) -> None:
    """Refuse a therapy whose numbers cannot be right.

    Args:
        therapy: the mode's name.
        complaints: what would be wrong, and whether it is.

    Raises:
        PlanError: some complaint applies; all that apply are named.
    """
    wrong = [complaint for complaint, applies in complaints.items() if applies]
    if wrong:
        raise PlanError(f"therapy {therapy}", "check", "; ".join(wrong), "mend these numbers of the plan")


def not_over_zero(**numbers: float) -> dict[str, bool]:
    """Return the complaints, for `refuse`, of numbers that have to be over zero."""
    return {f"{key} {value} is not over zero": not is_over_zero(value) for key, value in numbers.items()}


def is_over_zero(value: float) -> bool:
    """Tell whether `value` is a finite number over zero."""
    return math.isfinite(value) and value > 0
