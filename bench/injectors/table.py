# SPDX-License-Identifier: Apache-2.0
"""The table of injectors: whoever moves one, confirms it or watches it finds it here."""

import difflib
from collections.abc import Mapping

from bench.injectors.injector import Injector
from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind, Offer, PlugInTable
from groundfloor.plug_ins.guarded import COMPUTES, guarded
from groundfloor.plug_ins.verbs import refuse_missing_verbs, verbs_of
from groundfloor.room_members import room_members

IF_NAN = "return numbers; `promised` returns None where no effect is promised"
LONGEST_S = 5.0
"""Its verbs compute; none of them waits for the rig."""


def _plug_in(offer: Offer, found: object) -> Injector:
    """Return an injector that a plug-in offers under its own name, so that journal and test say the same.

    Raises:
        PlanError: it is none, or calls itself otherwise.
    """
    refuse_missing_verbs(offer, found, Injector)
    if not isinstance(found, Injector) or found.name != offer.name:
        seen = f"it calls itself {getattr(found, 'name', None)!r}"
        raise PlanError(offer.told, "check", seen, "let its name be the one that it is offered under")
    injector: Injector = guarded(
        found, offer.told, Injector, LONGEST_S, last=verbs_of(Injector), if_nan=IF_NAN, if_late=COMPUTES
    )
    return injector


_OURS = {one.name: one for one in room_members("bench.injectors.kinds", "INJECTOR") if isinstance(one, Injector)}
INJECTORS: Mapping[str, Injector] = PlugInTable(Kind.INJECTOR, _OURS, _plug_in)
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
