# SPDX-License-Identifier: Apache-2.0
"""Injectors: what the rig can do to a pump and its catheter, each confirmed by a sensor of its own."""

from bench.injectors.catheter import Catheter
from bench.injectors.injection import Injection
from bench.injectors.injector import FULLY
from bench.injectors.injectors import Injectors, Whereabouts
from bench.injectors.table import INJECTORS, injector_named

__all__ = ["FULLY", "INJECTORS", "Catheter", "Injection", "Injectors", "Whereabouts", "injector_named"]
