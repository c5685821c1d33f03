# SPDX-License-Identifier: Apache-2.0
"""Therapies: what a pump is programmed to do, and therefore what must come out."""

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.bolus_on_basal import BolusOnBasal
from bench.therapy.bolus_parts import bolus_parts
from bench.therapy.bridge import Bridge
from bench.therapy.changed_therapy import ChangedTherapy
from bench.therapy.continuous import Continuous
from bench.therapy.flex import Flex
from bench.therapy.guarded_therapy import guarded_therapy
from bench.therapy.minimum_rate import MinimumRate
from bench.therapy.on_basal import OnBasal
from bench.therapy.patient_bolus import WithPatientBolus
from bench.therapy.registry import MODES, therapy_from
from bench.therapy.running_schedule import RunningSchedule
from bench.therapy.single_bolus import SingleBolus
from bench.therapy.therapy import Therapy
from bench.therapy.weekly_flex import WeeklyFlex
from instruments.program import Step

__all__ = [
    "MODES",
    "AcceptedBolus",
    "BolusOnBasal",
    "Bridge",
    "ChangedTherapy",
    "Continuous",
    "Flex",
    "MinimumRate",
    "OnBasal",
    "RunningSchedule",
    "SingleBolus",
    "Step",
    "Therapy",
    "WeeklyFlex",
    "WithPatientBolus",
    "bolus_parts",
    "guarded_therapy",
    "therapy_from",
]
