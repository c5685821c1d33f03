# SPDX-License-Identifier: Apache-2.0
"""Which judgements rest on the balance: those whose budget has a line that only weighing brings in."""

from bench.journal.lines import Judgement
from metrology.gravimetry.evaporation import RATE

_OF_A_MARK = ("mass at ", "linearity at ", "calibration at ", "repeatability")


def rests_on_balance(judgement: Judgement) -> bool:
    """Tell whether a judgement could be another one with another balance.

    A yes or a no has no budget and counts as one that could not: it says itself what it rests on.
    """
    return any(one.name == RATE or one.name.startswith(_OF_A_MARK) for one in judgement.budget)
