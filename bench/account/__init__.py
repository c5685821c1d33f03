# SPDX-License-Identifier: Apache-2.0
"""The account of an infusion: from the first command to the last reading, everything in it belongs to some judgement.

What a plan looks at is only the sharpest of the evidence. The rest is examined when the infusion is over: an
`InfusionRecord` holds all that was sampled, commanded and injected, and each examiner asks one question of it.
"""

from bench.account.bolus_occasion import HOURS_AFTER
from bench.account.counted_before import CountedBefore
from bench.account.examiners import EXAMINERS, Examiner, examine
from bench.account.finding import Finding
from bench.account.given_command import GivenCommand
from bench.account.infusion_record import InfusionRecord
from bench.account.pump_logs import PumpLogs
from bench.account.record_until import record_until
from bench.account.sample_columns import SampleColumns
from bench.account.sample_table import SampleTable

__all__ = [
    "EXAMINERS",
    "HOURS_AFTER",
    "CountedBefore",
    "Examiner",
    "Finding",
    "GivenCommand",
    "InfusionRecord",
    "PumpLogs",
    "SampleColumns",
    "SampleTable",
    "examine",
    "record_until",
]
