# SPDX-License-Identifier: Apache-2.0
"""Samples at planned instants, and the watches that look at each: is this still a measurement?"""

from bench.sampling.ambient_watch import AmbientWatch
from bench.sampling.apart_enough import ApartEnough
from bench.sampling.balance_watch import RECALLED, BalanceWatch
from bench.sampling.clock_comparison import ClockComparison, ClockPair
from bench.sampling.creep_watch import CreepWatch
from bench.sampling.gaps import Gap
from bench.sampling.mass_steps import MassStep
from bench.sampling.safe_watch import SafeWatch
from bench.sampling.sample import Sample
from bench.sampling.sampling import Sampling
from bench.sampling.second_watch import SecondWatch

__all__ = [
    "RECALLED",
    "AmbientWatch",
    "ApartEnough",
    "BalanceWatch",
    "ClockComparison",
    "ClockPair",
    "CreepWatch",
    "Gap",
    "MassStep",
    "SafeWatch",
    "Sample",
    "Sampling",
    "SecondWatch",
]
