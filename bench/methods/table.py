# SPDX-License-Identifier: Apache-2.0
"""The table of methods; `known_code.toml` beside it holds the hash of the code that each version stands for.

Who changes the code of a method raises its version here, and writes the hashes again with
`python -m bench.methods`; a test tells when that was forgotten.
"""

from collections.abc import Mapping

from bench.acceptance import Standing
from bench.methods.method import Method, major_of

_GRAVIMETRY, _ACCOUNT = "metrology.gravimetry", "bench.account"

METHODS: tuple[Method, ...] = (
    Method(
        "buoyancy",
        "1.0",
        (f"{_GRAVIMETRY}.buoyancy", f"{_GRAVIMETRY}.air_density", f"{_GRAVIMETRY}.air_course"),
        budget_lines=("buoyancy", "air pressure", "humidity", "temperature", "evaporation, drift and density"),
    ),
    Method(
        "evaporation",
        "1.0",
        (f"{_GRAVIMETRY}.evaporation", f"{_GRAVIMETRY}.vapour_pressure", f"{_GRAVIMETRY}.wandering_noise"),
        budget_lines=("evaporation", "vapour-pressure", "load in the blank"),
    ),
    Method(
        "density",
        "1.0",
        (f"{_GRAVIMETRY}.water_density", f"{_GRAVIMETRY}.liquid"),
        budget_lines=("density", "evaporation, drift and density"),
    ),
    Method(
        "drift",
        "1.0",
        (f"{_GRAVIMETRY}.straight_line", f"{_GRAVIMETRY}.repeatability"),
        budget_lines=("drift", "mass", "evaporation, drift and density"),
    ),
    Method(
        "forces on the pan",
        "1.0",
        (f"{_GRAVIMETRY}.pan_forces", f"{_GRAVIMETRY}.vessel"),
        budget_lines=("submerged tube", "meniscus", "pendant drop", "static charge", "buoyancy of the load"),
    ),
    Method(
        "weighed volume",
        "1.0",
        (
            *(f"{_GRAVIMETRY}.{name}" for name in ("balance_specification", "conditions", "corrected_course")),
            *(f"{_GRAVIMETRY}.{name}" for name in ("correction_chain", "correction_step", "delivered_volume", "mark")),
            *(f"{_GRAVIMETRY}.{name}" for name in ("mark_influences", "volume_influences", "weighed_span")),
            f"{_GRAVIMETRY}.weighing_setup",
            *(f"bench.weighing.{name}" for name in ("delivery_window", "three_volumes", "timed_mark")),
        ),
        budget_lines=("mass", "resolution", "linearity", "calibration"),
    ),
    Method("uncertainty", "1.0", ("metrology.uncertainty",), every_figure=True),
    Method("decision rule", "1.0", ("metrology.verdict",), every_verdict=True),
    Method(
        "any window",
        "2.1",
        (
            "metrology.any_window",
            *(f"{_ACCOUNT}.{name}" for name in ("any_window", "weighed_course", "programmed_envelope")),
            *(f"{_ACCOUNT}.{name}" for name in ("quiet_times", "creep_between_strokes", "jumps_of_the_pump")),
        ),
        declared=(Standing.EXCESS.words, Standing.SHORTFALL.words),
    ),
    Method(
        "phases",
        "1.1",
        (
            "metrology.phases",
            *(f"{_ACCOUNT}.{name}" for name in ("phases", "phase", "phase_parts", "phase_volumes", "phases_examiner")),
            *(f"{_ACCOUNT}.{name}" for name in ("attributed_steps", "catheter_store", "reading", "noise_seen")),
        ),
        declared=(Standing.PHASES.words,),
    ),
    Method("start and stop", "1.0", (f"{_ACCOUNT}.start_up", f"{_ACCOUNT}.run_down", f"{_ACCOUNT}.pump_runs"),
           declared=(Standing.START_UP.words, Standing.RUN_DOWN.words)),
    Method("course of a bolus", "1.0",
           (f"{_ACCOUNT}.bolus_examiner", f"{_ACCOUNT}.bolus_occasion", f"{_ACCOUNT}.added_volume",
            "metrology.delivery.bolus_ramp", "metrology.delivery.bolus_accuracy"),
           declared=(Standing.BOLUS_COURSE.words,)),
    Method("latency", "1.0", ("metrology.latency",), budget_lines=("instant of the cause", "instant of the onset")),
    Method("registers", "3.0", (f"{_ACCOUNT}.registers",),
           declared=tuple(one.words for one in (Standing.STATE, Standing.ACTIVE_RATE, Standing.COUNTER,
                                                Standing.RESERVOIR, Standing.BATTERY, Standing.PRESSURE,
                                                Standing.ALARM_BITS, Standing.ALARM_LOG, Standing.BOLUS_LOG))),
    Method("sounds", "1.0", (f"{_ACCOUNT}.sounds", f"{_ACCOUNT}.sounding"),
           declared=(Standing.SOUNDS.words, Standing.TONES.words)),
    Method("trumpet", "1.0", ("metrology.delivery.trumpet", "metrology.delivery.stroke_windows",
                              "metrology.delivery.sampling_grid", "metrology.delivery.delivery_curve")),
)  # fmt: skip


def method_versions() -> dict[str, str]:
    """Return the version of each method of today, by its name."""
    return {one.name: one.version for one in METHODS}


def changed_methods(recorded: Mapping[str, str]) -> tuple[tuple[Method, str], ...]:
    """Return the methods whose figures may come out otherwise than when a run was made, with the version of then.

    Args:
        recorded: versions as the first line of the run's journal tells them; empty where it tells none.
    """
    return tuple(
        (one, then)
        for one in METHODS
        if (then := recorded.get(one.name, "")) and major_of(then) != major_of(one.version)
    )
