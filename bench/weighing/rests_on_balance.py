# SPDX-License-Identifier: Apache-2.0
"""Which judgements rest on the balance.

A volume does whose budget has a line that only weighing brings in. An instant at which something arrived, or a yes or a
no, has no such line: there it is a property of what is judged.
"""

from bench.acceptance import Standing
from bench.journal.lines import Judgement
from metrology.gravimetry.evaporation import RATE

_OF_A_MARK = ("mass at ", "linearity at ", "calibration at ", "repeatability")
_BY_NAME = frozenset(one.words for one in Standing if one.is_weighed)


def rests_on_balance(judgement: Judgement) -> bool:
    """Tell whether a judgement could be another one with another balance."""
    if judgement.declared in _BY_NAME:
        return True
    return any(one.name == RATE or one.name.startswith(_OF_A_MARK) for one in judgement.budget)
