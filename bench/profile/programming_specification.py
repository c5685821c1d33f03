# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises of being programmed, and of what a programming session does to a therapy that runs."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bench.profile.sourced import Sourced, SourcedFlag
from groundfloor.toml_file import TomlModel
from instruments.pump import Alarm


class DuringUpdate(StrEnum):
    """What a pump that infuses does while it is being programmed."""

    RUNS_ON = "old_runs_on"
    """The old program runs on until the new one is loaded, which takes its place at once."""
    STOPS = "stops_until_complete"
    """It stops with the first message that is written, and starts again when the new program is loaded."""


class SourcedUpdate(TomlModel):
    """One of the two, with its source."""

    value: DuringUpdate = Field(strict=False)
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ProgrammingSpecification(TomlModel):
    """What is promised of a programming session.

    Attributes:
        during_update: what a pump that infuses does meanwhile.
        incomplete_alarm: the alarm that tells of a session that was not completed; of a pump that stops.
        incomplete_alarm_max_s: the greatest time from the session's first message to it.
        names_its_pump: whether a session may name the pump that it is for, and any other one refuses it; not given,
            nothing is promised of it.
        checks_calibration: whether a program with another calibration constant than the pump's own is refused; not
            given, nothing is promised of it.
        asks_for_session_code: whether every command but a stop has to show the pump's session code; not given, nothing
            is promised of it.
        greatest_bolus_rate_ul_per_h: a single or patient bolus that is faster is refused.
    """

    during_update: SourcedUpdate
    incomplete_alarm: Alarm | None = Field(default=None, strict=False)
    incomplete_alarm_max_s: Sourced | None = None
    names_its_pump: SourcedFlag | None = None
    checks_calibration: SourcedFlag | None = None
    asks_for_session_code: SourcedFlag | None = None
    greatest_bolus_rate_ul_per_h: Sourced | None = None

    @model_validator(mode="after")
    def _an_incomplete_update_is_told(self) -> Self:
        told = self.incomplete_alarm is not None and self.incomplete_alarm_max_s is not None
        if self.stops_for_an_update and not told:
            raise ValueError("a pump that stops for an update needs incomplete_alarm and incomplete_alarm_max_s")
        return self

    @property
    def stops_for_an_update(self) -> bool:
        """Tell whether the pump stops while it is being programmed."""
        return self.during_update.value is DuringUpdate.STOPS
