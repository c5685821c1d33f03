# SPDX-License-Identifier: Apache-2.0
"""What differs between staged values and values that were read."""

from collections.abc import Mapping

from instruments.register_map.codec import Value


def staged_differences(staged: Mapping[str, Value], observed: Mapping[str, Value], prefix: str = "") -> list[str]:
    """Return what differs, a phrase each; the names of `observed` carry `prefix`."""
    return [
        f"{prefix}{name} is {observed[prefix + name]}, staged was {value}"
        for name, value in staged.items()
        if observed[prefix + name] != value
    ]
