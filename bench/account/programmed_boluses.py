# SPDX-License-Identifier: Apache-2.0
"""The boluses that a pump had to give in an infusion: those of the patient, and that which a therapy begins with."""

from bench.account.infusion_record import InfusionRecord
from bench.therapy import AcceptedBolus, SingleBolus


def programmed_boluses(record: InfusionRecord) -> tuple[AcceptedBolus, ...]:
    """Return them in the order of time, on the pump's clock."""
    schedule, therapy = record.schedule, record.schedule.therapy
    boluses = list(schedule.boluses_due)
    if isinstance(therapy, SingleBolus):
        boluses += [
            schedule.until_the_stop(AcceptedBolus(started_s, therapy.bolus_volume_ul, therapy.bolus_duration_s))
            for started_s, _ in schedule.therapy_spans_s
        ]
    return tuple(sorted(boluses, key=lambda one: one.started_s))
