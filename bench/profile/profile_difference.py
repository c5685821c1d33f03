# SPDX-License-Identifier: Apache-2.0
"""In which of its promises one pump model differs from another."""

from typing import Any

from bench.profile.profile import Profile

NAMES = frozenset({"name", "title", "twin_model"})
"""What tells two models apart and promises nothing."""
SOURCE = "source"


def differing_promises(one: Profile, other: Profile) -> tuple[str, ...]:
    """Return the promises, by their keys in a profile, whose values differ; where a value comes from makes none."""
    ours, theirs = (_values(profile.model_dump(mode="json")) for profile in (one, other))
    return tuple(sorted(key for key in Profile.model_fields if key not in NAMES and ours.get(key) != theirs.get(key)))


def _values(told: Any) -> Any:
    """Return a part of a profile without the sources of its values."""
    if isinstance(told, dict):
        return {key: _values(value) for key, value in told.items() if key != SOURCE}
    return [_values(one) for one in told] if isinstance(told, list) else told
