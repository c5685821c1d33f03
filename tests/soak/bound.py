# SPDX-License-Identifier: Apache-2.0
"""What a count of failures says at the most: the bound that its number of trials allows."""

import math
from dataclasses import dataclass

from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Bound:
    """So many failures in so many trials.

    Attributes:
        what: failed.
        failures, trials: how many there were.
    """

    what: str
    failures: int
    trials: int

    @property
    def at_most(self) -> float:
        """Return the share of failures that is not exceeded with 95 % confidence (Clopper and Pearson, one side).

        Of none in n trials that is 1 - 0.05^(1/n).
        """
        if self.failures >= self.trials:
            return 1.0
        if self.failures == 0:
            return float(1 - (1 - CONFIDENCE) ** (1 / self.trials))
        return float(stats.beta.ppf(CONFIDENCE, self.failures + 1, self.trials - self.failures))

    def __str__(self) -> str:
        """Return it in a sentence."""
        return f"{self.what}: {self.failures} of {self.trials}, so at most {_rounded_up(100 * self.at_most):g} %"


def _rounded_up(value: float) -> float:
    """Return `value` with two digits, never less than it is."""
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(math.ceil(value / step - 1e-9) * step, 12)
