# SPDX-License-Identifier: Apache-2.0
"""The modes there are. A new mode is one file beside this one: whatever it calls `MODE` is found here by its name."""

import difflib
from collections.abc import Mapping
from typing import Protocol, cast, runtime_checkable

from bench.therapy.description import Description
from bench.therapy.guarded_therapy import GuardedMode
from bench.therapy.therapy import Therapy
from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind, Offer, PlugInTable
from groundfloor.room_members import room_members


@runtime_checkable
class TherapyMode(Protocol):
    """The class of one mode's therapies."""

    name: str

    def from_description(self, description: Description, /) -> Therapy:
        """Make the therapy that `describe` spoke of; a therapy inside it is made already."""
        ...


def accepted_mode(offer: Offer, found: object) -> GuardedMode:
    """Return the mode that a plug-in offers under its own name.

    Raises:
        PlanError: it is none, or calls itself otherwise.
    """
    if not isinstance(found, TherapyMode) or found.name != offer.name:
        seen = f"it calls itself {getattr(found, 'name', None)!r}, and has or lacks from_description"
        raise PlanError(offer.told, "check", seen, "offer a class with `name`, as offered, and `from_description`")
    return GuardedMode(cast("type[Therapy]", found), offer.told)


_OURS = {one.name: one for one in room_members("bench.therapy", "MODE") if isinstance(one, TherapyMode)}
MODES: Mapping[str, TherapyMode] = PlugInTable(Kind.THERAPY, _OURS, accepted_mode)
"""By the mode's name, what makes a therapy of its description."""


def therapy_from(description: Description) -> Therapy:
    """Make the therapy that `Therapy.describe` spoke of.

    Raises:
        PlanError: the mode is unknown, a number is missing or wrong, or there is more in it than the mode has.
    """
    mode = description.get("mode")
    if not isinstance(mode, str) or mode not in MODES:
        close = difflib.get_close_matches(str(mode), MODES, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"modes are {', '.join(MODES)}"
        raise PlanError("therapy", "read a description", f"unknown mode {mode!r}", hint)
    inside = {key: therapy_from(value) for key, value in description.items() if isinstance(value, Mapping)}
    therapy = MODES[mode].from_description({**description, **inside})
    if therapy.describe() != description:
        seen = f"{dict(description)} was recorded, {therapy.describe()} was understood"
        raise PlanError(f"therapy {mode}", "read a description", seen, "remove what the mode does not have")
    return therapy
