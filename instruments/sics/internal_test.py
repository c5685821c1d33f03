# SPDX-License-Identifier: Apache-2.0
r"""The internal test of an MT-SICS balance, `TST3`, and the mass of the weight that it is made with, `M19`.

`TST3` is answered twice: `TST3 B` when it begins, then `TST3 A <deviation> <unit>`; or `TST3 N` where it was broken off
(not stable, out of range), `TST3 I` where it cannot be made now, `TST3 L` or `ES` where there is no such test. Until it
is over the balance takes no other command. `M19` → `M19 A <mass> <unit>`: the weight that is set for adjusting. That
the built-in one is as heavy is *assumed* where the bench file does not say it.

Source: Mettler-Toledo, MT-SICS Interface Command for Weigh Modules, 11781363. The layout of the answers with a mass was
seen in a program that works with such a module; so blanks before the number are taken as they come.
"""

import re
from decimal import Decimal

from groundfloor.errors import BenchFault
from instruments.balance import BalanceBusy
from instruments.sics.reply import NotAReply, ReplyKind, WeightReply, in_grams

TEST = "TST3"
WEIGHT = "M19"
_MASS = re.compile(rb"(TST3|M19) A +(-?(?:0|[1-9]\d*)\.\d+) +([!-~]{1,5})\r\n")
_LACKING = (b"ES\r\n", b"TST3 L\r\n", b"M19 L\r\n", b"M19 I\r\n", b"EL\r\n")
_BEGUN = b"TST3 B\r\n"


def has_begun(line: bytes) -> bool:
    """Tell whether the line says that the test goes on, so that another one follows."""
    return line == _BEGUN


def parse_mass(line: bytes, command: str) -> Decimal | None:
    """Read the mass in g that `TST3` or `M19` is answered with; None where the balance has no such thing.

    Raises:
        NotAReply: it is none of the answers.
    """
    if line in _LACKING:
        return None
    found = _MASS.fullmatch(line)
    if found is None or found[1] != command.encode():
        raise NotAReply(f"not a reply of {command}: {line!r}")
    return in_grams(WeightReply(ReplyKind.DONE, Decimal(found[2].decode()), found[3].decode()))


def refuse_broken_off(line: bytes, asset: str) -> None:
    """Raise where the balance did not carry out the test.

    Raises:
        BalanceBusy: it was broken off, or cannot be made now.
    """
    seen = {b"TST3 N\r\n": "it was broken off (TST3 N)", b"TST3 I\r\n": "it cannot be made now (TST3 I)"}.get(line)
    if seen is not None:
        next_step = 'shield it from draughts; if it wants its pan empty, say pan = "empty" in [balance.sensitivity]'
        raise BalanceBusy(asset, "test itself", seen, next_step)


def moved_tare(asset: str, before_g: Decimal | None, after_g: Decimal | None) -> BenchFault:
    """Return the error for a test after which the tare is another one."""
    seen = f"the tare was {before_g} g and is {after_g} g afterwards"
    return BenchFault(asset, "test itself", seen, 'tare again; say check = "certificate" in [balance.sensitivity]')
