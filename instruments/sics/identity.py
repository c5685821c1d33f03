# SPDX-License-Identifier: Apache-2.0
"""Who an MT-SICS balance says it is, from its answers to `I2`, `I3` and `I4`."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from groundfloor.errors import BenchFault
from instruments.balance import BalanceIdentity
from instruments.sics.reply import NotAReply, ReplyKind, WeightReply, in_grams, parse_accepted


def read_identity(inquiries: Mapping[bytes, bytes], asset: str) -> BalanceIdentity:
    """Return the identity from the raw replies, by command.

    `I2` holds model, capacity and unit in one text; the model may have blanks, so it is read from the right.

    Raises:
        BenchFault: a reply does not hold what it should.
    """
    try:
        model, capacity, unit = _text(inquiries, "I2").rsplit(" ", 2)
        capacity_g = in_grams(WeightReply(ReplyKind.DONE, Decimal(capacity), unit))
        if not (capacity_g.is_finite() and capacity_g > 0):
            raise BenchFault(asset, "identify", f"a capacity of {capacity} {unit}", "see that I2 tells the capacity")
        return BalanceIdentity(model, _text(inquiries, "I4"), _text(inquiries, "I3"), float(capacity_g))
    except (NotAReply, ValueError, InvalidOperation) as error:
        raise BenchFault(asset, "identify", f"{error}", "use a balance that answers I2, I3 and I4") from error


def _text(inquiries: Mapping[bytes, bytes], command: str) -> str:
    return " ".join(parse_accepted(inquiries[command.encode()], command)[1])
