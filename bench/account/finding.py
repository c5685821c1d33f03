# SPDX-License-Identifier: Apache-2.0
"""A finding: what an examiner found out, and for which of the standing judgements it counts."""

from dataclasses import dataclass

from bench.acceptance import Standing
from metrology.verdict import Judgement, Measurement


@dataclass(frozen=True)
class Finding:
    """One finding of one examiner.

    Attributes:
        standing: what it is evidence for.
        found: a measurement, to be judged by the profile's decision rule; or a judgement of a yes or a no.
    """

    standing: Standing
    found: Measurement | Judgement
