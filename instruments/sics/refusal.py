# SPDX-License-Identifier: Apache-2.0
"""What an MT-SICS balance answers when it gives no weight and moves no zero, as errors that tell what to do."""

from groundfloor.errors import BenchFault
from instruments.balance import BalanceBusy, BalanceOverload, BalanceRefused, BalanceUnderload
from instruments.sics.reply import ReplyKind, WeightReply

_REFUSALS: dict[ReplyKind, tuple[type[BenchFault], str, str]] = {
    ReplyKind.BUSY: (BalanceBusy, "not now (I)", "wait until the load is stable and nothing else runs, then ask again"),
    ReplyKind.LOGICAL: (BalanceRefused, "not accepted (L)", "check model and settings"),
    ReplyKind.OVERLOAD: (BalanceOverload, "overload (+)", "take the vessel off or empty it"),
    ReplyKind.UNDERLOAD: (BalanceUnderload, "underload (-)", "put the pan and the vessel on"),
    ReplyKind.SYNTAX_ERROR: (BalanceRefused, "command not known (ES)", "check model and settings"),
    ReplyKind.TRANSMISSION_ERROR: (
        BalanceRefused,
        "command received damaged (ET)",
        "check baud rate, parity and cable",
    ),
    ReplyKind.LOGICAL_ERROR: (BalanceRefused, "command not carried out (EL)", "check model and settings"),
}


def refusal(reply: WeightReply, *, asset: str, operation: str) -> BenchFault | None:
    """Return the error that `reply` stands for, or None if it is a success."""
    if reply.kind is ReplyKind.DEVICE_ERROR:
        return BenchFault(asset, operation, f"the balance shows {reply.detail}", "see its manual; have it serviced")
    if reply.kind not in _REFUSALS:
        return None
    kind, seen, next_step = _REFUSALS[reply.kind]
    return kind(asset, operation, seen, next_step)
