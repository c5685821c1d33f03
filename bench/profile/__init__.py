# SPDX-License-Identifier: Apache-2.0
"""Profiles: what a pump model promises, each number with its source."""

from bench.profile.alarm_promise import AlarmPromise, Tone
from bench.profile.bolus_promise import BolusPromise
from bench.profile.catheter_promise import CatheterPromise
from bench.profile.profile import Profile
from bench.profile.rates import Rates
from bench.profile.sourced import Sourced, SourcedCount

__all__ = [
    "AlarmPromise",
    "BolusPromise",
    "CatheterPromise",
    "Profile",
    "Rates",
    "Sourced",
    "SourcedCount",
    "Tone",
]
