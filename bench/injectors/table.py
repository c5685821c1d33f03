# SPDX-License-Identifier: Apache-2.0
"""The table of injectors: whoever moves one, confirms it or watches it finds it here."""

import difflib
from collections.abc import Mapping

from bench.injectors.injector import Injector
from groundfloor.errors import PlanError
from groundfloor.room_members import room_members

INJECTORS: Mapping[str, Injector] = {
    one.name: one for one in room_members("bench.injectors.kinds", "INJECTOR") if isinstance(one, Injector)
}
"""By the name of the fault, what makes it."""


def injector_named(name: str) -> Injector:
    """Return the injector of a fault.

    Raises:
        PlanError: there is none; the error names those there are.
    """
    if name not in INJECTORS:
        close = difflib.get_close_matches(name, INJECTORS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"injectors are {', '.join(INJECTORS)}"
        raise PlanError("rig", f"inject {name!r}", "no injector makes this fault", hint)
    return INJECTORS[name]
