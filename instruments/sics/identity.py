# SPDX-License-Identifier: Apache-2.0
"""Who an MT-SICS balance says it is, from its answers to `I2`, `I3` and `I4`."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from groundfloor.errors import BenchFault
from instruments.balance import BalanceIdentity
from instruments.sics.reply import NotAReply, ReplyKind, WeightReply, in_grams, parse_accepted


def read_identity(
    inquiries: Mapping[bytes, bytes], asset: str, stated_capacity_g: float | None = None
) -> BalanceIdentity:
    """Return the identity from the raw replies, by command.

    `I2` holds model, capacity and unit in one text; the model may have blanks, so it is read from the right. Where it
    holds no capacity, `stated_capacity_g` of the bench file is taken.

    Raises:
        BenchFault: a reply does not hold what it should.
    """
    try:
        model, capacity_g = _model_and_capacity_g(_text(inquiries, "I2"))
        if capacity_g is None:
            capacity_g = stated_capacity_g
        if capacity_g is None:
            seen = f"I2 tells no capacity: {inquiries[b'I2']!r}"
            raise BenchFault(asset, "identify", seen, "say capacity_g = 220 or so in [balance] of the bench file")
        return BalanceIdentity(model, _text(inquiries, "I4"), _text(inquiries, "I3"), capacity_g)
    except NotAReply as error:
        raise BenchFault(asset, "identify", f"{error}", "use a balance that answers I2, I3 and I4") from error


def _model_and_capacity_g(text: str) -> tuple[str, float | None]:
    """Split the text of `I2`; what does not end in a mass above zero is a model as a whole."""
    parts = text.rsplit(" ", 2)
    try:
        model, capacity, unit = parts
        capacity_g = in_grams(WeightReply(ReplyKind.DONE, Decimal(capacity), unit))
    except (NotAReply, ValueError, InvalidOperation):
        return text, None
    return (model, float(capacity_g)) if capacity_g.is_finite() and capacity_g > 0 else (text, None)


def _text(inquiries: Mapping[bytes, bytes], command: str) -> str:
    return " ".join(parse_accepted(inquiries[command.encode()], command)[1])
