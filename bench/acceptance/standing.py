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

    EXCESS = "excess_in_any_window"
    """In no window of any length does more arrive than programmed, by more than the profile allows."""
    SHORTFALL = "shortfall_in_any_window"
    """In no window of any length does less arrive than programmed, by more than an interruption may take."""
    START_UP = "start_up"
    """Delivery begins soon after each start, and at the programmed rate."""
    RUN_DOWN = "run_down"
    """After each stop nothing more comes than the catheter held."""
    PHASES = "every_phase_accounted_for"
    """In every phase, and from tare to end, programmed, counted and weighed volume agree, in a fault as well."""
    BOLUS_COURSE = "bolus_in_its_time"
    """A bolus comes in its time, at its rate, and nothing of it later."""
    STATE = "state_as_commanded"
    """The state that the pump tells follows from commands and alarms."""
    ACTIVE_RATE = "active_rate_as_scheduled"
    """The rate that the pump tells is the scheduled one."""
    COUNTER = "counter_as_scheduled"
    """The counter never goes back, stands while nothing is delivered, and follows the schedule."""
    RESERVOIR = "reservoir_as_counted"
    """The computed reservoir falls by what was counted; the low-reservoir alarm stands below its volume alone."""
    BATTERY = "battery_as_promised"
    """The battery falls no faster than the profile says, never rises, and its alarm stands when it is low."""
    PRESSURE = "pressure_as_flow_and_fault"
    """The catheter pressure is what flow, outlet and fault make it."""
    ALARM_BITS = "alarm_bits_as_logged"
    """Alarm bits, log and state say the same in every sample."""
    ALARM_LOG = "alarm_log_as_observed"
    """The alarm log holds every alarm once, in order, with the times at which it was seen."""
    BOLUS_LOG = "bolus_log_as_requested"
    """The bolus log holds every request once, in order, with its time, volume and reason."""

    SOUNDS = "heard_as_registered"
    """Each alarm that is not silenced is heard, the highest of several, and nothing is heard without one."""
    TONES = "tones_as_promised"
    """What is heard has the pattern, the length, the distance, the frequency and the level that the profile says."""

    @property
    def words(self) -> str:
        """Return what people read."""
        return _TITLES[self]

    @property
    def is_weighed(self) -> bool:
        """Tell whether all of it is read off the balance, its instants and its yes or no as well as its volumes."""
        return self in _WEIGHED


_WEIGHED = frozenset({Standing.EXCESS, Standing.SHORTFALL, Standing.START_UP, Standing.RUN_DOWN, Standing.BOLUS_COURSE})

_TITLES = {
    Standing.PROGRAM: "the program is read back as it was loaded",
    Standing.COMMANDS: "commands are accepted",
    Standing.QUIET: "no alarm without a fault",
    Standing.THREE_VOLUMES: "programmed, counted and weighed volume agree",
    Standing.CLOCK: "the pump's clock keeps time",
    Standing.NO_RESTART: "the pump does not restart by itself",
    Standing.AFTER_ALARM: "the pump does what it promises after an alarm",
    Standing.EXCESS: "no excess in any window",
    Standing.SHORTFALL: "no shortfall in any window",
    Standing.START_UP: "delivery begins as promised",
    Standing.RUN_DOWN: "delivery ends as promised",
    Standing.PHASES: "every phase is accounted for",
    Standing.BOLUS_COURSE: "a bolus comes in its time",
    Standing.STATE: "the state is as commanded",
    Standing.ACTIVE_RATE: "the active rate is the scheduled one",
    Standing.COUNTER: "the counter follows the schedule",
    Standing.RESERVOIR: "the reservoir falls as counted",
    Standing.BATTERY: "the battery is as promised",
    Standing.PRESSURE: "the catheter pressure fits flow and fault",
    Standing.ALARM_BITS: "alarm bits, log and state agree",
    Standing.ALARM_LOG: "the alarm log tells what was seen",
    Standing.BOLUS_LOG: "the bolus log tells what was asked for",
    Standing.SOUNDS: "alarms are heard, and nothing else",
    Standing.TONES: "tones are as promised",
}

EXAMINED: tuple[Standing, ...] = (
    Standing.EXCESS,
    Standing.SHORTFALL,
    Standing.START_UP,
    Standing.RUN_DOWN,
    Standing.PHASES,
    Standing.STATE,
    Standing.ACTIVE_RATE,
    Standing.COUNTER,
    Standing.RESERVOIR,
    Standing.BATTERY,
    Standing.PRESSURE,
    Standing.ALARM_BITS,
    Standing.ALARM_LOG,
    Standing.BOLUS_LOG,
)
"""What an examiner of `bench/account` answers for in every infusion."""
OCCASIONAL = (Standing.BOLUS_COURSE, Standing.SOUNDS, Standing.TONES)
"""What an examiner answers for where there was an occasion for it; it is declared before the occasion comes."""
ALWAYS = (
    Standing.PROGRAM,
    Standing.COMMANDS,
    Standing.QUIET,
    Standing.THREE_VOLUMES,
    Standing.CLOCK,
    Standing.NO_RESTART,
    *EXAMINED,
)
"""Of every infusion; the others belong to criteria that imply them."""
