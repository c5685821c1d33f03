# SPDX-License-Identifier: Apache-2.0
"""A profile: what a pump model promises, as the tests hold it to.

Each number carries its source. What the limits of a test follow from is here as well, so that no test holds a number
of its own: how soon an occlusion must be found at a rate, how much may come out when the kink opens, how long a
window has to be.
"""

import difflib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from bench.dose import BridgedPrescription
from bench.profile.alarm_specification import AlarmSpecification, Tone, ToneName
from bench.profile.battery_specification import BatterySpecification
from bench.profile.bolus_specification import BolusSpecification
from bench.profile.bridge_specification import BridgeSpecification
from bench.profile.catheter_specification import SECONDS_PER_HOUR, CatheterSpecification
from bench.profile.drug_specification import DrugSpecification
from bench.profile.environment_specification import EnvironmentSpecification
from bench.profile.firmware_update_specification import FirmwareUpdateSpecification
from bench.profile.minimum_rate_specification import MinimumRateSpecification
from bench.profile.movement_specification import MovementSpecification
from bench.profile.power_specification import PowerSpecification
from bench.profile.priming_specification import PrimingSpecification
from bench.profile.programming_specification import ProgrammingSpecification
from bench.profile.rates import Rates
from bench.profile.refill_specification import RefillSpecification
from bench.profile.screening_trial import ScreeningTrial
from bench.profile.sensor_failure_specification import SensorFailureSpecification
from bench.profile.silence_specification import SilenceSpecification
from bench.profile.sourced import Sourced, SourcedCount, SourcedFlag
from bench.profile.stall_specification import StallSpecification
from bench.therapy import MODES, BolusOnBasal, MinimumRate, Therapy, WithPatientBolus
from groundfloor.errors import PlanError
from groundfloor.toml_file import TomlModel, load_toml
from instruments.pump import Alarm
from instruments.pump_feature import PumpFeature
from metrology.verdict import DecisionRule

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
WHOLE = 1e-9
"""A count of strokes this close to a whole number is one; it is the rounding of a division."""

CLOCK_OF_A_GOOD_PUMP = Sourced(value=500, source="assumed: 43 s in a day")
RATIO_OF_A_GOOD_PUMP = Sourced(
    value=3, source="assumed: a pump that uses up to a third of its tolerance then passes in 97.7 % of all runs"
)
EXCESS_OF_A_GOOD_PUMP = Sourced(
    value=300, source="assumed: five minutes of the programmed rate at once, beside strokes"
)
INTERRUPTION_OF_A_GOOD_PUMP = Sourced(value=300, source="assumed: five minutes without delivery")
START_UP_OF_A_GOOD_PUMP = Sourced(value=60, source="assumed: a minute from the command to the first stroke's beginning")
MAY_GO_UNSAID = (Alarm.END_OF_SERVICE,)
"""Alarms that profiles need not name: where one does not, it is not promised."""
NOT_PROMISED = AlarmSpecification(promised=False)
COMES_AGAIN = (Alarm.DISCONNECT,)
"""Alarms that a rig brings about again and again within minutes, and that may leave the pump running."""
ROTOR_BACK_S = 3600.0
"""Where a profile says neither how soon a rotor turns again nor how soon a stall is told (assumed)."""
REGISTERS_OF_A_GOOD_PUMP = Sourced(value=5, source="assumed: its registers follow what it does within five seconds")


class Settling(TomlModel):
    """How long after a change of rate the delivery counts as steady: both must have passed."""

    catheter_time_constants: Sourced
    strokes: Sourced


class Profile(TomlModel):
    """What a pump model promises.

    Attributes:
        name: as its file is called.
        title: what a person calls the model.
        family: the kind of pump, the first branch of a report's tree.
        twin_model: the simulated model that plays this pump when there is no hardware.
        decision_rule: how a measured value is judged near a limit; `guard_band` takes the limits in by the expanded
            uncertainty (ILAC-G8), `simple_acceptance` does not.
        uncertainty_ratio_min: the least test uncertainty ratio, tolerance over U, of a window that is worth weighing.
        modes: the therapy modes it has.
        without: what pumps mostly tell or keep, and this one does not; nothing that rests on it is judged.
        reservoir_ul: volume of a full reservoir.
        low_reservoir_alarm_ul: computed volume at which the low-reservoir alarm is set to sound.
        accuracy_percent: greatest error of a delivered volume.
        stroke_volume_ul: the smallest volume the pump can move; delivery comes in whole strokes.
        clock_ppm: how far its clock may run from true time, in millionths.
        alarm_log_lines: so many alarms its log holds, the newest; None where nothing is promised of that.
        settable_clock: whether its clock can be set while it stands; None where nothing is promised of that.
        flex_steps_max: most steps of a day schedule.
        flex_step_tolerance_s: how early or late the rate may change at the start of a step, by the pump's own clock.
        excess_max_s: the greatest excess in any window, as seconds of the programmed rate; strokes come on top of it.
        excess_max_ul: the same as a volume, strokes included; goes before `excess_max_s`.
        interruption_max_s: the longest interruption of the delivery in any window; strokes come on top of it.
        start_up_s: the greatest time from a start to the first delivery, beside a stroke's period.
        run_down_ul: the greatest volume after a stop; not given, what a catheter gives back and two strokes.
        run_down_s: after this time from a stop nothing may come any more; not given, four catheter time constants and
            five seconds.
        registers_follow_s: how long after a command, an alarm or a bolus its registers may still tell of before.
        battery: its battery.
        drug: what it is filled with, and the dose limits; None where nothing is promised of a dose.
        programming: what a programming session does; None where nothing is promised of it.
        environment: the climate in which its accuracy holds; None where nothing is promised of it.
        movement: which pressures and heights of its outlet leave its delivery; None where it promises nothing of them.
        power: its voltages and its resets; None where nothing is promised of them.
        refill: its reservoir between two fillings; None where nothing is promised of it.
        rates: what it can be programmed to.
        settling: when delivery counts as steady.
        catheter: its catheter's worst case.
        patient_bolus: its patient boluses.
        priming: its priming boluses; None where it promises none.
        bridge: its bridge between two concentrations; None where it promises none.
        minimum_rate: its minimum rate; None where it promises none.
        firmware_update: what an update of its firmware does; None where it promises none.
        stall: what becomes of its rotor in a magnetic field; None where nothing is promised of that.
        sensor_failure: what it does when a sensor of its own fails; None where nothing is promised of that.
        silence: how an alarm is silenced; None where nothing is promised of that.
        screening_trial: what it promises for trials before an implant; None for a pump that is not made for them.
        tones: how its alarms sound.
        alarms: every alarm there is, promised or not.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Text
    family: Text
    twin_model: Text
    decision_rule: DecisionRule = Field(default=DecisionRule.GUARD_BAND, strict=False)
    uncertainty_ratio_min: Sourced = RATIO_OF_A_GOOD_PUMP
    clock_ppm: Sourced = CLOCK_OF_A_GOOD_PUMP
    modes: tuple[str, ...] = Field(strict=False, min_length=1)
    without: tuple[Annotated[PumpFeature, Field(strict=False)], ...] = Field(default=(), strict=False)
    reservoir_ul: Sourced
    low_reservoir_alarm_ul: Sourced
    accuracy_percent: Sourced
    stroke_volume_ul: Sourced
    settable_clock: SourcedFlag | None = None
    alarm_log_lines: SourcedCount | None = None
    flex_steps_max: SourcedCount
    flex_step_tolerance_s: Sourced
    excess_max_s: Sourced = EXCESS_OF_A_GOOD_PUMP
    excess_max_ul: Sourced | None = None
    interruption_max_s: Sourced = INTERRUPTION_OF_A_GOOD_PUMP
    start_up_s: Sourced = START_UP_OF_A_GOOD_PUMP
    run_down_ul: Sourced | None = None
    run_down_s: Sourced | None = None
    registers_follow_s: Sourced = REGISTERS_OF_A_GOOD_PUMP
    battery: BatterySpecification = BatterySpecification()
    drug: DrugSpecification | None = None
    programming: ProgrammingSpecification | None = None
    environment: EnvironmentSpecification | None = None
    movement: MovementSpecification | None = None
    power: PowerSpecification | None = None
    refill: RefillSpecification | None = None
    rates: Rates
    settling: Settling
    catheter: CatheterSpecification
    patient_bolus: BolusSpecification
    priming: PrimingSpecification | None = None
    bridge: BridgeSpecification | None = None
    minimum_rate: MinimumRateSpecification | None = None
    firmware_update: FirmwareUpdateSpecification | None = None
    stall: StallSpecification | None = None
    sensor_failure: SensorFailureSpecification | None = None
    silence: SilenceSpecification | None = None
    screening_trial: ScreeningTrial | None = None
    tones: Mapping[ToneName, Tone]
    alarms: Mapping[Annotated[Alarm, Field(strict=False)], AlarmSpecification]

    @field_validator("modes")
    @classmethod
    def _modes_exist(cls, modes: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [mode for mode in modes if mode not in MODES]:
            raise ValueError(f"there is no mode {', '.join(unknown)}; modes are {', '.join(MODES)}")
        return modes

    @field_validator("alarms")
    @classmethod
    def _nothing_is_left_open(cls, alarms: Mapping[Alarm, AlarmSpecification]) -> Mapping[Alarm, AlarmSpecification]:
        if missing := [alarm for alarm in Alarm if alarm not in alarms and alarm not in MAY_GO_UNSAID]:
            raise ValueError(f"nothing is said of {', '.join(missing)}; say at least promised = false")
        return {**dict.fromkeys(MAY_GO_UNSAID, NOT_PROMISED), **alarms}

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        unknown = {promise.tone for promise in self.alarms.values() if promise.tone} - set(self.tones)
        if unknown:
            raise ValueError(f"tones {', '.join(sorted(unknown))} are not described")
        if not self.catheter.has_sensor and (self.promises(Alarm.OCCLUSION) or self.promises(Alarm.DISCONNECT)):
            raise ValueError("an occlusion or disconnect alarm cannot be promised without a catheter sensor")
        if self.power is not None and not (self.promises(Alarm.MEMORY) and self.promises(Alarm.LOW_BATTERY)):
            raise ValueError("[power] needs the memory alarm, which tells of a reset, and the low-battery alarm")
        if self.sensor_failure is not None and self.alarms[Alarm.MEMORY].then_does != "stops":
            raise ValueError("[sensor_failure] needs a memory alarm that stops the pump: it tells of the failure")
        ends = self.power is not None and self.power.end_of_service_mv is not None
        if ends is not self.promises(Alarm.END_OF_SERVICE):
            raise ValueError("power.end_of_service_mv and a promised end_of_service alarm go together")
        if self.uncertainty_ratio_min.value <= 1:
            raise ValueError("uncertainty_ratio_min is not over 1: with U as large as the tolerance nothing passes")
        if self.refill is not None and PumpFeature.RESERVOIR in self.without:
            raise ValueError("[refill] promises what a reservoir shows, and the pump is without a reservoir reading")
        if self.power is not None and PumpFeature.BATTERY in self.without:
            raise ValueError("[power] promises what a battery shows, and the pump is without a battery reading")
        self._modes_are_described()
        if self.stroke_volume_ul.value <= 0:
            raise ValueError("stroke_volume_ul is not over zero")
        return self

    def _modes_are_described(self) -> None:
        """Refuse a mode whose figures are missing, and figures of a mode that is not promised."""
        for mode, part in (("bridge", self.bridge), ("minimum_rate", self.minimum_rate)):
            if (mode in self.modes) is (part is None):
                raise ValueError(f"the mode {mode} and the section [{mode}] need each other")
        if self.bridge is None:
            return
        if self.priming is None or self.drug is None:
            raise ValueError("[bridge] needs [priming] and [drug]: the volume of the path, and the doses")
        if not 0 < self.bridge.weaker_ug_per_ml.value < self.bridge.stronger_ug_per_ml.value:
            raise ValueError("the concentrations of [bridge] do not rise from over zero")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load a profile from a TOML file.

        Raises:
            PlanError: the file is missing or wrong; all misfits are named at once.
        """
        return load_toml(path, cls, "profile")

    @classmethod
    def find(cls, name_or_path: str, *folders: Path) -> Path:
        """Return the file of a profile.

        Args:
            name_or_path: the name of a file in one of `folders`, without its ending, or the path of a TOML file.
            folders: where the profiles stand, a lab's own before `test_plans/profiles/`; this floor knows neither.

        Raises:
            PlanError: there is no such profile; the error names those there are.
        """
        if name_or_path.endswith(".toml"):
            return Path(name_or_path)
        for folder in folders:
            if name_or_path in {path.stem for path in folder.glob("*.toml")}:
                return folder / f"{name_or_path}.toml"
        known = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
        close = difflib.get_close_matches(name_or_path, known, n=1)
        places = " or ".join(str(folder) for folder in folders if folder.is_dir())
        seen = f"there is no such profile in {places}" + (f" (did you mean {close[0]!r}?)" if close else "")
        raise PlanError(f"profile {name_or_path!r}", "find", seen, f"known profiles: {', '.join(known) or 'none'}")

    @classmethod
    def named(cls, name_or_path: str, *folders: Path) -> Self:
        """Load the profile that `find` finds.

        Raises:
            PlanError: there is none, it is wrong, or one of `folders` bears another name than its file.
        """
        path = cls.find(name_or_path, *folders)
        profile = cls.load(path)
        if name_or_path != str(path) and profile.name != name_or_path:
            raise PlanError(f"profile {path}", "check", f"its name is {profile.name!r}", "name it as its file")
        return profile

    @property
    def features(self) -> frozenset[str]:
        """Return what tests may be written for.

        That is the modes, `catheter_sensor` or `no_catheter_sensor`, `slowed_bolus` where a bolus is slowed down at
        the greatest rate, `ended_bolus` where a stop ends one, `settable_clock`, `alarm_log_lines` where the length
        of that log is promised, and an alarm that a rig can bring about again and again, `drug`, `environment`,
        `firmware_update`, `movement`, `overfill`, `power`, `priming`, `refill`, `refill_date`, `screening_trial`,
        `sensor_failure`, `silence` and `stall` where something is promised of them, `<alarm>_alarm` of each alarm,
        `<alarm>_alarm_latches` of each that stands until it is acknowledged, `<alarm>_alarm_once` of each that does
        not come again while its cause stands, `<alarm>_alarm_held` of each that can neither be acknowledged nor
        started against while its cause is there, `program_change` where a program may be loaded while the pump
        infuses, with `update_runs_on` or `update_stops` for what it does then, `named_session` where a session names
        its pump, `calibration_check` where another constant than the pump's own is refused, `session_code` where a
        command has to show one, and every `PumpFeature` that it is not without.
        """
        is_slowed = "patient_bolus" in self.modes and self.patient_bolus.slowed_at_greatest_rate.value
        slowed = {"slowed_bolus"} if is_slowed else set()
        sensor = "catheter_sensor" if self.catheter.has_sensor else "no_catheter_sensor"
        is_ended = "patient_bolus" in self.modes and not self.patient_bolus.resumed_after_stop.value
        ended = {"ended_bolus"} if is_ended else set()
        parts = {
            "environment": self.environment,
            "firmware_update": self.firmware_update,
            "movement": self.movement,
            "drug": self.drug,
            "power": self.power,
            "priming": self.priming,
            "refill": self.refill,
            "screening_trial": self.screening_trial,
            "sensor_failure": self.sensor_failure,
            "silence": self.silence,
        }
        promised = {name for name, part in parts.items() if part is not None}
        promised |= {"refill_date"} if self.refill is not None and self.refill.date_within_s is not None else set()
        promised |= {"overfill"} if self.refill is not None and self.refill.holds_most_percent is not None else set()
        stall = {"stall"} if self.stall is not None and self.promises(Alarm.STALL) else set()
        alarms = {f"{alarm}_alarm" for alarm in Alarm if self.promises(alarm)}
        alarms |= {f"{alarm}_alarm_latches" for alarm in Alarm if self._latches(alarm)}
        alarms |= {f"{alarm}_alarm_once" for alarm in Alarm if self._comes_once(alarm)}
        alarms |= {f"{alarm}_alarm_held" for alarm in Alarm if self._is_held_by_its_cause(alarm)}
        kept = {str(feature) for feature in PumpFeature if self.has(feature)}
        settable = {"settable_clock"} if self.settable_clock is not None and self.settable_clock.value else set()
        again = self.alarm_log_lines is not None and self.alarm_that_comes_again is not None
        lines = {"alarm_log_lines"} if again else set()
        others = {*settable, *lines, *slowed, *ended, *promised, *stall, *self._features_of_programming}
        return frozenset({*self.modes, sensor, *others, *alarms, *kept})

    @property
    def _features_of_programming(self) -> tuple[str, ...]:
        if self.programming is None:
            return ()
        stops = self.programming.stops_for_an_update
        bolus_rate = () if self.programming.greatest_bolus_rate_ul_per_h is None else ("greatest_bolus_rate",)
        names_it = self.programming.names_its_pump
        named = ("named_session",) if names_it is not None and names_it.value else ()
        checks = self.programming.checks_calibration
        checked = ("calibration_check",) if checks is not None and checks.value else ()
        asks = self.programming.asks_for_session_code
        proven = ("session_code",) if asks is not None and asks.value else ()
        promised = (*bolus_rate, *named, *checked, *proven)
        return ("program_change", "update_stops" if stops else "update_runs_on", *promised)

    def has(self, feature: PumpFeature) -> bool:
        """Tell whether the pump has promised `feature`."""
        if feature is PumpFeature.PRESSURE and not self.catheter.has_sensor:
            return False
        return feature not in self.without

    @property
    def alarm_that_comes_again(self) -> Alarm | None:
        """Return an alarm that is promised to come each time and leaves the pump running; None where there is none."""
        again = [alarm for alarm in COMES_AGAIN if self.promises(alarm) and self._comes_again(alarm)]
        return next(iter(again), None)

    def _comes_again(self, alarm: Alarm) -> bool:
        flag = self.alarms[alarm].sounds_again
        return flag is not None and flag.value and self.alarms[alarm].then_does == "continues"

    def _latches(self, alarm: Alarm) -> bool:
        return self.promises(alarm) and self.alarms[alarm].latches.value

    def _comes_once(self, alarm: Alarm) -> bool:
        flag = self.alarms[alarm].sounds_again
        return self.promises(alarm) and flag is not None and not flag.value

    def _is_held_by_its_cause(self, alarm: Alarm) -> bool:
        flag = self.alarms[alarm].held_by_its_cause
        return self.promises(alarm) and flag is not None and flag.value

    @property
    def alarm_log_lines_least(self) -> int:
        """Return how many alarms the log holds at least.

        Raises:
            PlanError: nothing is promised of that.
        """
        if self.alarm_log_lines is None:
            hint = 'mark it only_with("alarm_log_lines")'
            raise PlanError(f"profile {self.name}", "find alarm_log_lines", "nothing is promised of it", hint)
        return self.alarm_log_lines.value

    @property
    def refilling(self) -> RefillSpecification:
        """Return what is promised of the reservoir.

        Raises:
            PlanError: nothing is.
        """
        if self.refill is None:
            who = f"profile {self.name}"
            raise PlanError(who, "find [refill]", "nothing is promised of the reservoir", 'mark it only_with("refill")')
        return self.refill

    @property
    def environs(self) -> EnvironmentSpecification:
        """Return what is promised of the climate around the pump.

        Raises:
            PlanError: nothing is.
        """
        if self.environment is None:
            who, hint = f"profile {self.name}", 'mark it only_with("environment")'
            raise PlanError(who, "find [environment]", "nothing is promised of the climate", hint)
        return self.environment

    @property
    def powering(self) -> PowerSpecification:
        """Return what is promised of battery and resets.

        Raises:
            PlanError: nothing is.
        """
        if self.power is None:
            who = f"profile {self.name}"
            raise PlanError(who, "find [power]", "nothing is promised of the power", 'mark it only_with("power")')
        return self.power

    def bridged(self, path_ul: float, *, to_stronger: bool) -> BridgedPrescription:
        """Return a prescription whose concentration changes, with the old drug at the intermediate rate.

        Args:
            path_ul: volume of tubing and catheter, as the programmer takes it.
            to_stronger: whether the new drug is the stronger one; the dose of a day stays the same.

        Raises:
            PlanError: no bridge is promised.
        """
        if self.bridge is None or self.drug is None:
            who = f"profile {self.name}"
            raise PlanError(who, "find [bridge]", "nothing is promised of a bridge", 'mark it only_with("bridge")')
        weaker, stronger = self.bridge.weaker_ug_per_ml.value, self.bridge.stronger_ug_per_ml.value
        old, new = (weaker, stronger) if to_stronger else (stronger, weaker)
        return self.drug.bridged(old, new, path_ul, self.rates.intermediate_ul_per_h.value)

    def at_minimum_rate(self) -> MinimumRate:
        """Return the therapy of the minimum rate.

        Raises:
            PlanError: none is promised.
        """
        if self.minimum_rate is None:
            who, hint = f"profile {self.name}", 'mark it only_with("minimum_rate")'
            raise PlanError(who, "find [minimum_rate]", "nothing is promised of a minimum rate", hint)
        return MinimumRate(self.minimum_rate.rate_ul_per_h.value)

    def promises(self, alarm: Alarm) -> bool:
        """Tell whether the pump has promised to raise `alarm`."""
        return self.alarms[alarm].promised

    def time_limit_s(self, alarm: Alarm) -> float:
        """Return the greatest time from an alarm's condition to its onset.

        Raises:
            PlanError: the alarm is not promised.
        """
        latency = self.alarms[alarm].latency_max_s
        if latency is None:
            raise PlanError(
                f"profile {self.name}", f"limit the {alarm} alarm", "it is not promised", "do not wait for it"
            )
        return latency.value

    @property
    def sensor_failure_told_s(self) -> float:
        """Return the greatest time from the failure of a sensor to the alarm that tells of it.

        Raises:
            PlanError: nothing is promised of that.
        """
        if self.sensor_failure is None:
            who, hint = f"profile {self.name}", 'mark it only_with("sensor_failure")'
            raise PlanError(who, "find [sensor_failure]", "nothing is promised of a sensor that fails", hint)
        return self.sensor_failure.told_max_s.value

    @property
    def silence_s(self) -> float:
        """Return how long a silence lasts; 0 where none is promised."""
        return 0.0 if self.silence is None else self.silence.lasts_s.value

    @property
    def rotor_back_s(self) -> float:
        """Return the greatest time from the end of a magnetic field until a rotor that it held turns again."""
        if self.stall is not None:
            return self.stall.recovers_max_s.value
        latency = self.alarms[Alarm.STALL].latency_max_s
        return ROTOR_BACK_S if latency is None else latency.value

    def occlusion_time_limit_s(self, rate_ul_per_h: float) -> float:
        """Return the greatest time from a full kink to the occlusion alarm: C_max·ΔP_max/Q + latency.

        Raises:
            PlanError: the pump promises no occlusion alarm.
        """
        latency_s = self.time_limit_s(Alarm.OCCLUSION)
        return self._stored_behind_a_kink_ul() / rate_ul_per_h * SECONDS_PER_HOUR + latency_s

    def alarm_spread_limit_s(self, rate_ul_per_h: float) -> float:
        """Return by how much an alarm of the catheter may come later than another one in the same circumstances.

        That is a stroke for each of them, at the least rate within the accuracy, and what its registers take to follow.
        """
        strokes_s = 2 * self.stroke_period_s(rate_ul_per_h) / (1 - self.accuracy_percent.value / 100)
        return strokes_s + self.registers_follow_s.value

    def unintended_bolus_limit_ul(self, rate_ul_per_h: float) -> float:
        """Return the greatest volume that may come out at once when a kink opens after the occlusion alarm.

        That is what the catheter stores up to the threshold and what the pump still adds up to the alarm,
        C_max·ΔP_max + Q·latency, with the profile's margin, and the stroke that had begun.

        Raises:
            PlanError: the pump promises no occlusion alarm, so nothing limits the bolus.
        """
        added_ul = rate_ul_per_h * self.time_limit_s(Alarm.OCCLUSION) / SECONDS_PER_HOUR
        margin = 1 + self.catheter.unintended_bolus_margin_percent.value / 100
        return (self._stored_behind_a_kink_ul() + added_ul) * margin + self.stroke_volume_ul.value

    def occlusion_pressure_limit_kpa(self, rate_ul_per_h: float) -> float:
        """Return the greatest pressure in a kinked catheter when the occlusion alarm has stopped the pump.

        That is the threshold and what the stroke that reached it, and the pump up to the alarm, add to the stiffest
        catheter: ΔP_max + (v + Q·latency)/C_min.

        Raises:
            PlanError: the pump promises no occlusion alarm.
        """
        latency_s, threshold = self.time_limit_s(Alarm.OCCLUSION), self.catheter.occlusion_threshold_max_kpa
        if threshold is None:
            raise PlanError(f"profile {self.name}", "limit the pressure at an alarm", "there is no catheter sensor")
        added_ul = self.stroke_volume_ul.value + rate_ul_per_h * latency_s / SECONDS_PER_HOUR
        return threshold.value + added_ul / self.catheter.least_compliance_ul_per_kpa

    def outlet_moved_by_kpa(self, move: str) -> float:
        """Return by how much a move of its promise raises the outlet's pressure; see `MovementSpecification.kpa`.

        Raises:
            PlanError: it promises nothing of a moved outlet.
        """
        if self.movement is None:
            seen = "it promises nothing of a moved outlet"
            raise PlanError(f"profile {self.name}", f"move the outlet: {move}", seen, "declare `only_with` movement")
        return self.movement.kpa(move)

    def dead_time_limit_s(self, rate_ul_per_h: float, moved_kpa: float, window_s: float) -> float:
        """Return for how long at most the flow may seem to stand after the outlet was moved.

        That is what fills the catheter, C_max·ΔP, and a stroke at both ends of the window, at the programmed rate; and
        what the accuracy leaves open of the window.
        """
        held_ul = self.catheter.compliance_max_ul_per_kpa.value * abs(moved_kpa) + 2 * self.stroke_volume_ul.value
        accuracy = self.accuracy_percent.value / 100
        return held_ul / rate_ul_per_h * SECONDS_PER_HOUR + accuracy * window_s

    def _stored_behind_a_kink_ul(self) -> float:
        threshold = self.catheter.occlusion_threshold_max_kpa
        if threshold is None:
            raise PlanError(f"profile {self.name}", "compute the volume behind a kink", "there is no catheter sensor")
        return self.catheter.compliance_max_ul_per_kpa.value * threshold.value

    def settling_time_s(self, rate_ul_per_h: float) -> float:
        """Return how long after a change to `rate_ul_per_h` the delivery counts as steady."""
        catheter_s = self.settling.catheter_time_constants.value * self.catheter.time_constant_s
        return max(catheter_s, self.settling.strokes.value * self.stroke_period_s(rate_ul_per_h))

    def with_patient_bolus(self, basal: Therapy) -> WithPatientBolus:
        """Return `basal` with the example bolus allowed, under the greatest rate where the pump promises that.

        Raises:
            PlanError: the numbers make no therapy.
        """
        return self.patient_bolus.on_top_of(basal, self.rates.greatest_ul_per_h.value)

    def with_single_bolus(self, basal: Therapy, *, filling: bool = False) -> BolusOnBasal:
        """Return `basal` with the example bolus as the clinician's, on top of it; or with one at the greatest rate.

        Raises:
            PlanError: the numbers make no therapy.
        """
        bolus = self.filling_bolus if filling else self.patient_bolus
        return BolusOnBasal(basal, bolus.volume_ul.value, bolus.duration_s.value)

    @property
    def filling_bolus(self) -> BolusSpecification:
        """Return a bolus that comes at the greatest rate, so that any basal rate beside it slows it down."""
        return self.patient_bolus.at_rate(self.rates.greatest_ul_per_h.value)

    def with_filling_bolus(self, basal: Therapy) -> WithPatientBolus:
        """Return `basal` with the filling bolus allowed, under the greatest rate where the pump promises that.

        Raises:
            PlanError: the numbers make no therapy.
        """
        return self.filling_bolus.on_top_of(basal, self.rates.greatest_ul_per_h.value)

    def stroke_period_s(self, rate_ul_per_h: float) -> float:
        """Return the time from one stroke to the next."""
        return self.stroke_volume_ul.value / rate_ul_per_h * SECONDS_PER_HOUR

    def window_of_whole_strokes_s(self, rate_ul_per_h: float, at_least_s: float) -> float:
        """Return the shortest time of at least `at_least_s` that holds a whole number of strokes, one or more.

        A mean over a part of a stroke is biased (doi 10.1515/bmt-2022-0040).
        """
        period_s = self.stroke_period_s(rate_ul_per_h)
        return max(1, math.ceil(at_least_s / period_s - WHOLE)) * period_s

    def accuracy_limits_ul(self, expected_ul: float) -> tuple[float, float]:
        """Return the least and the greatest volume that may be delivered where `expected_ul` is programmed."""
        tolerance_ul = expected_ul * self.accuracy_percent.value / 100
        return expected_ul - tolerance_ul, expected_ul + tolerance_ul
