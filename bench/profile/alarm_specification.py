# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about one alarm: is there one, how it sounds, how soon, and what the pump then does."""

from typing import Literal, Self

from pydantic import model_validator

from bench.profile.sourced import Sourced, SourcedFlag
from groundfloor.toml_file import TomlModel

LATCHES = SourcedFlag(value=True, source="assumed: an alarm stands until somebody has acknowledged it")
ToneName = Literal["critical", "non_critical"]


BEGINS_OF_A_GOOD_PUMP = Sourced(value=5, source="assumed: within five seconds of the alarm's line in the log")
TIMING_OF_A_GOOD_PUMP = Sourced(value=10, source="assumed: lengths and distances within a tenth")
FREQUENCY_OF_A_GOOD_PUMP = Sourced(value=5, source="assumed: within a twentieth")


class Tone(TomlModel):
    """A tone of the pump.

    Attributes:
        pattern: one tone, or two in turn.
        duration_s: how long a burst lasts.
        repeats_every_s: time from burst to burst.
        begins_max_s: the greatest time from the onset of an alarm to its first burst.
        timing_percent: how far duration and time from burst to burst may be off.
        low_hz, high_hz: its frequencies; for a single tone both are the same; not given, nothing is promised of them.
        frequency_percent: how far these may be off.
        level_min_db: the least level at the place of the microphone; not given, nothing is promised of it.
    """

    pattern: Literal["single-tone", "two-tone"]
    duration_s: Sourced
    repeats_every_s: Sourced
    begins_max_s: Sourced = BEGINS_OF_A_GOOD_PUMP
    timing_percent: Sourced = TIMING_OF_A_GOOD_PUMP
    low_hz: Sourced | None = None
    high_hz: Sourced | None = None
    frequency_percent: Sourced = FREQUENCY_OF_A_GOOD_PUMP
    level_min_db: Sourced | None = None


class AlarmSpecification(TomlModel):
    """One alarm.

    Attributes:
        promised: whether the pump has it; one that has not is never waited for.
        tone: which of the profile's tones sounds.
        latency_max_s: greatest time from when the condition stands to the onset; an occlusion's condition stands once
            the pressure has reached the threshold.
        then_does: whether the pump stops delivering or continues once it sounds.
        latches: whether it stands until it is acknowledged, also when its cause has gone.
        sounds_again: whether it sounds again when its cause still stands after an acknowledge, and the pump runs; not
            given, nothing is promised of it.
        held_by_its_cause: whether an acknowledge and a start are refused as long as its cause is there; not given,
            nothing is promised of it.
    """

    promised: bool
    tone: ToneName | None = None
    latency_max_s: Sourced | None = None
    then_does: Literal["stops", "continues"] | None = None
    latches: SourcedFlag = LATCHES
    sounds_again: SourcedFlag | None = None
    held_by_its_cause: SourcedFlag | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        said = [self.tone is not None, self.latency_max_s is not None, self.then_does is not None]
        if self.promised and not all(said):
            raise ValueError("a promised alarm has tone, latency_max_s and then_does")
        if not self.promised and any(said):
            raise ValueError("an alarm that is not promised has neither tone nor latency_max_s nor then_does")
        return self
