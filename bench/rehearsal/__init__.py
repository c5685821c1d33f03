# SPDX-License-Identifier: Apache-2.0
"""A plan gone through without an instrument: how long it takes, and what it needs, as far as it says so itself."""

from bench.rehearsal.planned_time import PlannedTime
from bench.rehearsal.rehearsal import Rehearsal
from bench.rehearsal.rehearsed_infusion import RehearsedInfusion
from bench.rehearsal.unknown_until_run import UnknownUntilRun

__all__ = ["PlannedTime", "Rehearsal", "RehearsedInfusion", "UnknownUntilRun"]
