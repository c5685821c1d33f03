# SPDX-License-Identifier: Apache-2.0
"""Whether what a plug-in offers has the verbs of its protocol."""

from groundfloor.errors import PlanError
from groundfloor.plug_ins.offer import Offer


def verbs_of(protocol: type) -> tuple[str, ...]:
    """Return the public names that a protocol asks for, in the order in which it lists them."""
    asked: dict[str, None] = {}
    for one in protocol.__mro__:
        if getattr(one, "_is_protocol", False):
            asked |= dict.fromkeys(name for name in vars(one) if not name.startswith("_"))
    return tuple(asked)


def refuse_missing_verbs(offer: Offer, found: object, protocol: type) -> None:
    """Refuse what lacks a verb.

    Raises:
        PlanError: verbs are missing; all of them are named.
    """
    missing = [verb for verb in verbs_of(protocol) if not hasattr(found, verb)]
    if missing:
        seen = f"{type(found).__name__} has no {', no '.join(missing)}"
        raise PlanError(offer.told, "check", seen, f"plug-ins of kind {offer.kind} keep to {protocol.__name__}")
