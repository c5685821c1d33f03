# SPDX-License-Identifier: Apache-2.0
"""A balance that grew worse in the run: its readings are worth no more than they scatter there.

The day's repeatability was found before the run. Where nothing flows, and where the display falls, the run itself shows
how far readings differ; if that is surely more, it counts in every volume of the infusion.
"""

from dataclasses import replace

from bench.account.infusion_record import InfusionRecord
from bench.account.weighed_course import weighed_course
from groundfloor.inconclusive import Inconclusive


def as_noisy_as_seen(record: InfusionRecord) -> InfusionRecord:
    """Return the record with the repeatability that its own readings show, if that is surely worse than the day's."""
    try:
        noise = weighed_course(record).uncertainty.believed_noise
    except Inconclusive:  # too few readings to show anything
        return record
    balance = record.weighing.balance
    if noise is None or noise == balance.measured_repeatability:
        return record
    return replace(record, weighing=replace(record.weighing, balance=balance.as_found(noise)))
