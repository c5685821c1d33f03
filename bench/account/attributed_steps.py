# SPDX-License-Identifier: Apache-2.0
"""Steps of the display, and whose they were: a volume is open only by those that nothing answers for.

A pump makes no step that falls. One that rises is the pump's where it came with a command or came again, because knocks
do not choose their moment and do not return: then it counts in full, as delivery. What was there and went again by as
much within a few minutes was a knock, and is in no volume that holds both.
"""

from collections.abc import Sequence

from bench.account.infusion_record import InfusionRecord
from bench.sampling import MassStep

SAMPLES_AFTER_A_COMMAND = 2
_ALIKE = 0.2
"""Two steps are the same step, or a knock and its end, when their sizes differ by no more than this share."""


def unattributed_mg(record: InfusionRecord, from_s: float, to_s: float) -> float:
    """Return how much of the mass between two instants may have come or gone in steps that nothing answers for, ±."""
    inside = [one.step_mg for one in _unattributed(record) if one.from_s < to_s and one.to_s > from_s]
    gained_mg = sum(step_mg for step_mg in inside if step_mg > 0)
    return max(gained_mg, gained_mg - sum(inside))


def _unattributed(record: InfusionRecord) -> list[MassStep]:
    rises = [one for one in record.steps if one.step_mg > 0]
    knocks = [one for one in rises if _went_again(one, record.steps)]
    answered = [one for one in rises if one not in knocks and (_with_a_command(record, one) or _came_again(one, rises))]
    return [one for one in record.steps if one not in answered]


def _with_a_command(record: InfusionRecord, step: MassStep) -> bool:
    reach_s = SAMPLES_AFTER_A_COMMAND * record.interval_s
    return any(one.sent_s <= step.to_s and step.from_s <= one.answered_s + reach_s for one in record.commands)


def _came_again(step: MassStep, rises: Sequence[MassStep]) -> bool:
    return sum(abs(one.step_mg - step.step_mg) <= _ALIKE * step.step_mg for one in rises) > 1


def _went_again(step: MassStep, steps: Sequence[MassStep]) -> bool:
    return any(one.step_mg < 0 and abs(one.step_mg + step.step_mg) <= _ALIKE * step.step_mg for one in steps)
