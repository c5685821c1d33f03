# SPDX-License-Identifier: Apache-2.0
"""The course of one infusion: the parts that stand in for each other's work, handed on together."""

from dataclasses import dataclass

from bench.infusion.judging import Judging
from bench.infusion.marks import Marks
from bench.infusion.pump_time import PumpTime
from bench.infusion.resolution import Resolution
from bench.infusion.setting import Setting


@dataclass(frozen=True)
class Course:
    """What whoever weighs in an infusion needs.

    Attributes:
        setting: the infusion's place in its run.
        time: the pump's clock, the present rate, and waiting.
        judging: takes what is found.
        marks: the balance.
        resolution: what the balance can resolve.
    """

    setting: Setting
    time: PumpTime
    judging: Judging
    marks: Marks
    resolution: Resolution
