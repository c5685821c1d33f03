# SPDX-License-Identifier: Apache-2.0
"""Which figures a twin needs, so that it keeps what a user's profile promises.

A simulated pump model keeps the shipped profile that has its name. Where another profile promises otherwise, the twin
gets a figure in place of the model's own. The twin itself knows no profile: it is told `name=value`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bench.profile import Profile
from instruments.simulated.specimen.model_figures import with_figures
from instruments.simulated.specimen.pump_model import PumpModel

Value = float | bool | str
Rule = Callable[[Any, Any, Any], Value]
"""Makes a figure of what the profile promises, what the shipped one promises, and the model's own figure."""


def _same(promised: Any, _shipped: Any, _own: Any) -> Value:
    return promised if isinstance(promised, bool) else float(promised)


def _in_proportion(promised: Any, shipped: Any, own: Any) -> Value:
    return float(own) * float(promised) / float(shipped)


def _no_wider(promised: Any, shipped: Any, own: Any) -> Value:
    return float(own) * min(1.0, float(promised) / float(shipped))


def _inverse(promised: Any, shipped: Any, own: Any) -> Value:
    return float(own) * float(shipped) / float(promised)


def _shifted(promised: Any, shipped: Any, own: Any) -> Value:
    return float(own) + float(promised) - float(shipped)


def _stops(promised: Any, _shipped: Any, _own: Any) -> Value:
    return str(promised) != "old_runs_on"


WITHOUT_COMPARISON = (_same, _stops)
RULES: tuple[tuple[str, str, Rule], ...] = (
    ("rates.least_ul_per_h", "limits.least_rate_ul_per_h", _same),
    ("rates.greatest_ul_per_h", "limits.greatest_rate_ul_per_h", _same),
    ("rates.greatest_ul_per_h", "limits.greatest_bolus_rate_ul_per_h", _in_proportion),
    ("programming.greatest_bolus_rate_ul_per_h", "limits.greatest_bolus_rate_ul_per_h", _same),
    ("minimum_rate.rate_ul_per_h", "limits.minimum_rate_ul_per_h", _same),
    ("priming.rate_ul_per_h", "limits.prime_rate_ul_per_h", _same),
    ("priming.tubing_ul", "tubing_ul", _same),
    ("reservoir_ul", "reservoir_ul", _same),
    ("stroke_volume_ul", "stroke_ul", _same),
    ("drug.concentration_ug_per_ml", "drug_ug_per_ml", _same),
    ("clock_ppm", "clock_error_ppm", _no_wider),
    ("accuracy_percent", "accuracy.base_bias", _no_wider),
    ("accuracy_percent", "accuracy.full_to_empty_half_span", _no_wider),
    ("accuracy_percent", "accuracy.per_kelvin", _no_wider),
    ("accuracy_percent", "accuracy.per_kpa", _no_wider),
    ("catheter.has_sensor", "catheter.pressure_sensor", _same),
    ("catheter.compliance_max_ul_per_kpa", "catheter.compliance_ul_per_kpa", _in_proportion),
    ("catheter.resistance_max_kpa_h_per_ul", "catheter.resistance_kpa_h_per_ul", _in_proportion),
    ("catheter.occlusion_threshold_max_kpa", "alarms.occlusion_kpa", _in_proportion),
    ("alarms.occlusion.latency_max_s", "alarms.occlusion_hold_s", _no_wider),
    ("alarms.disconnect.latency_max_s", "alarms.disconnect_hold_s", _no_wider),
    ("alarms.stall.latency_max_s", "alarms.stall_hold_s", _no_wider),
    ("sensor_failure.told_max_s", "alarms.sensor_hold_s", _no_wider),
    ("silence.lasts_s", "alarms.silence_s", _same),
    ("battery.low_percent", "power.low_percent", _same),
    ("battery.fall_max_percent_per_day", "battery_life_days", _inverse),
    ("power.full_mv", "power.full_mv", _same),
    ("power.low_mv", "power.empty_mv", _shifted),
    ("power.end_of_service_mv", "power.end_mv", _shifted),
    ("power.brown_out_mv", "power.brown_out_mv", _shifted),
    ("programming.during_update", "update.stops_until_complete", _stops),
    ("programming.incomplete_alarm_max_s", "update.alarm_after_s", _no_wider),
)
"""What is promised, the figure of the twin that keeps it, and how one becomes the other; a later line goes before."""

FIXED = (
    "tones.",
    "alarms.",
    "stall.",
    "refill.",
    "firmware_update.",
    "screening_trial.",
    "programming.",
    "power.after_reset",
    "patient_bolus.resumed_after_stop",
    "patient_bolus.slowed_at_greatest_rate",
    "priming.dead_volume_percent",
    "flex_steps_max",
    "flex_step_tolerance_s",
    "alarm_log_lines",
    "settable_clock",
    "excess_max_",
    "interruption_max_s",
    "start_up_s",
    "run_down_",
    "registers_follow_s",
)
"""What a simulated firmware does by its code or its register map, and no figure of its model changes."""
AT_MOST = ("_max_s", "_max_ul", "_within_s", "_follow_s", "_tolerance_s", "_up_s", "_down_s", "_percent", "_min_db")
"""Ends of the names of bounds: only a narrower one can be broken by a twin that keeps the wider."""


@dataclass(frozen=True)
class TwinOfProfile:
    """What a twin is told, so that it plays the pump of a profile.

    Attributes:
        model: the simulated pump model.
        figures: of that model that are otherwise, as `name=value`.
        not_told: promises that differ from those of the model's own profile, and no figure of the twin keeps.
    """

    model: str
    figures: tuple[str, ...]
    not_told: tuple[str, ...]

    @classmethod
    def of(cls, profile: Profile, shipped_profiles: Path) -> Self:
        """Return what the twin of a profile is told.

        Args:
            profile: what is promised.
            shipped_profiles: the folder of the profiles that the simulated models keep, by their names.

        Raises:
            PlanError: there is no such simulated model, or it cannot have such figures.
        """
        model = PumpModel.named(profile.twin_model)
        own_profile = shipped_profiles / f"{profile.twin_model}.toml"
        if not own_profile.is_file():
            return cls(profile.twin_model, (), ())
        shipped = Profile.load(own_profile)
        promised, usual = _leaves(profile.model_dump(mode="json")), _leaves(shipped.model_dump(mode="json"))
        own = _leaves(model.model_dump(mode="json"))
        figures: dict[str, Value] = {}
        kept = set()
        for promise, figure, rule in RULES:
            wanted, before, now = promised.get(promise), usual.get(promise), own.get(figure)
            if wanted is None or now is None or (before is None and rule not in WITHOUT_COMPARISON):
                continue
            if wanted == before:
                figures.pop(figure, None)  # what another promise made of it
                continue
            figures[figure] = rule(wanted, before, now)
            kept.add(promise)
        told = tuple(f"{name}={_written(value)}" for name, value in figures.items())
        with_figures(model, told)
        silent = tuple(f"alarms.{alarm}." for alarm in profile.alarms if not profile.promises(alarm))
        asked = {key: one for key, one in promised.items() if one is not None and not key.startswith(silent or ("\0",))}
        differing = (key for key, value in asked.items() if _matters(key, value, usual))
        return cls(profile.twin_model, told, tuple(key for key in differing if key not in kept))

    @property
    def words(self) -> tuple[str, ...]:
        """Return what people read of it, a line each; nothing for a model with its own profile."""
        told = f"twin {self.model} with {', '.join(self.figures)}, as the profile promises"
        seen = "it keeps those of its own profile, and may fail for that"
        not_told = f"no figure of the twin is made of {', '.join(self.not_told)}: {seen}"
        return (*((told,) if self.figures else ()), *((not_told,) if self.not_told else ()))


def _matters(key: str, value: object, usual: Mapping[str, object]) -> bool:
    """Tell whether a promise differs in a way that a twin may break which keeps the shipped one."""
    before = usual.get(key)
    if value == before or not key.startswith(FIXED):
        return False
    if key.endswith(AT_MOST) and isinstance(value, int | float) and isinstance(before, int | float):
        return value > before if key.endswith("_min_db") else value < before
    return True


def _leaves(content: Any, prefix: str = "") -> dict[str, Any]:
    """Return all values by their names with dots; of a sourced one its value alone."""
    if isinstance(content, Mapping) and set(content) == {"value", "source"}:
        return {prefix: content["value"]}
    if isinstance(content, Mapping):
        found: dict[str, Any] = {}
        for key, inner in content.items():
            found |= _leaves(inner, f"{prefix}.{key}" if prefix else str(key))
        return found
    return {prefix: content}


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:.12g}" if isinstance(value, float) else value
