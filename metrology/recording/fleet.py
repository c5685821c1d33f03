# SPDX-License-Identifier: Apache-2.0
"""Several recordings together: pumps, repeats of each, and where a share of all such pumps lies.

Repeats of one pump are no new pumps: their mean counts once. Recordings that lie in different folders are told apart by
their folder; where all lie in one, each is a pump of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from groundfloor.inconclusive import Inconclusive
from metrology.delivery import ToleranceInterval, tolerance_interval
from metrology.recording.analysis import Analysis


@dataclass(frozen=True)
class Pump:
    """One pump: its name, its recordings, and the mean of their errors in %."""

    name: str
    analyses: tuple[Analysis, ...]

    @property
    def error_percent(self) -> float:
        """Return the mean of A over the repeats."""
        return float(np.mean([one.trumpet.overall_error_percent for one in self.analyses]))


@dataclass(frozen=True)
class Fleet:
    """All of them.

    Attributes:
        pumps: in the order in which they were named.
        interval: of the errors of the pumps; None where it cannot be computed.
        no_interval: why.
    """

    pumps: tuple[Pump, ...]
    interval: ToleranceInterval | None
    no_interval: str = ""

    @classmethod
    def of(cls, analyses: Sequence[Analysis], coverage: float, confidence: float) -> "Fleet":
        """Gather analyses.

        Args:
            analyses: two or more.
            coverage: share of all pumps that the tolerance interval holds.
            confidence: that it does.

        Raises:
            PlanError: a share is not between 0 and 1.
        """
        folders = {Path(one.recording.source).parent for one in analyses}
        groups: dict[str, list[Analysis]] = {}
        for one in analyses:
            source = Path(one.recording.source)
            name = source.name if len(folders) == 1 else str(source.parent)
            while len(folders) == 1 and name in groups:
                name += " again"
            groups.setdefault(name, []).append(one)
        pumps = tuple(Pump(name, tuple(group)) for name, group in groups.items())
        doubtful = sum(bool(one.doubts) for one in analyses)
        if not all(one.set_rate_given for one in analyses):
            return cls(pumps, None, "no set rate was given: --rate")
        if doubtful:
            return cls(pumps, None, f"{doubtful} of the recordings {'is' if doubtful == 1 else 'are'} in doubt")
        if len(pumps) < 2:
            return cls(pumps, None, "all are of one pump")
        try:
            return cls(pumps, tolerance_interval([pump.error_percent for pump in pumps], coverage, confidence))
        except Inconclusive as hidden:
            return cls(pumps, None, hidden.seen)
