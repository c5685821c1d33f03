# SPDX-License-Identifier: Apache-2.0
"""Injectors: what the rig can do to a pump and its catheter, each confirmed by its own sensor and by its effect."""

from bench.injectors.acting_injection import ActingInjection
from bench.injectors.catheter import Catheter
from bench.injectors.effect_finding import EffectFinding, EffectState
from bench.injectors.effect_point import EffectPoint, EffectTolerance
from bench.injectors.growing_fault import GrowingFault
from bench.injectors.injection import Injection
from bench.injectors.injection_effect import InjectionEffect, LostShare, held_against
from bench.injectors.injector import FULLY
from bench.injectors.injectors import Injectors, Whereabouts
from bench.injectors.line_fault import LineFault
from bench.injectors.moved_outlet import MovedOutlet
from bench.injectors.promised_effect import PressureMove, PromisedEffect
from bench.injectors.release_effect import ReleaseEffect
from bench.injectors.supply import SUPPLY, Supply
from bench.injectors.table import INJECTORS, injector_named
from bench.injectors.torn_catheter import TORN_CATHETER

__all__ = [
    "FULLY",
    "INJECTORS",
    "SUPPLY",
    "TORN_CATHETER",
    "ActingInjection",
    "Catheter",
    "EffectFinding",
    "EffectPoint",
    "EffectState",
    "EffectTolerance",
    "GrowingFault",
    "Injection",
    "InjectionEffect",
    "Injectors",
    "LineFault",
    "LostShare",
    "MovedOutlet",
    "PressureMove",
    "PromisedEffect",
    "ReleaseEffect",
    "Supply",
    "Whereabouts",
    "held_against",
    "injector_named",
]
