# SPDX-License-Identifier: Apache-2.0
"""Whether an injector was seen to do its work."""

from dataclasses import dataclass
from enum import StrEnum


class EffectState(StrEnum):
    """What flow and pressure say of an injector."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNKNOWN = "cannot tell"
    """Too little was due for the balance, and the pressure does not tell."""


@dataclass(frozen=True)
class EffectFinding:
    """What was found, and by what; `seen` is a phrase for a person."""

    state: EffectState
    seen: str
