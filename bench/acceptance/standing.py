# SPDX-License-Identifier: Apache-2.0
"""What every infusion judges, whether a plan asks for it or not; the baseline says which requirement each one is of."""

from enum import StrEnum


class Standing(StrEnum):
    """A judgement that nobody has to ask for. The value is its key in `[standing]` of the requirements."""

    PROGRAM = "program_read_back"
    """The pump takes the program and reads back the same, in every value."""
    COMMANDS = "commands_accepted"
    """Start, stop and acknowledge are accepted in the states in which the pump promises to."""
    QUIET = "no_alarm_without_a_fault"
    """No alarm comes that no confirmed fault accounts for."""
    THREE_VOLUMES = "three_volumes_agree"
    """Programmed, counted and weighed volume agree in every window without a fault."""
    CLOCK = "clock_keeps_time"
    """The pump's clock keeps the rate that the profile promises."""
    NO_RESTART = "no_restart"
    """The pump does not restart by itself."""
    AFTER_ALARM = "behaviour_after_an_alarm"
    """After an alarm the pump does what its profile says, and its log tells the onset as it was seen."""

    @property
    def words(self) -> str:
        """Return what people read."""
        return _TITLES[self]


_TITLES = {
    Standing.PROGRAM: "the program is read back as it was loaded",
    Standing.COMMANDS: "commands are accepted",
    Standing.QUIET: "no alarm without a fault",
    Standing.THREE_VOLUMES: "programmed, counted and weighed volume agree",
    Standing.CLOCK: "the pump's clock keeps time",
    Standing.NO_RESTART: "the pump does not restart by itself",
    Standing.AFTER_ALARM: "the pump does what it promises after an alarm",
}

ALWAYS = tuple(one for one in Standing if one is not Standing.AFTER_ALARM)
"""Of every infusion; the others belong to criteria that imply them."""
