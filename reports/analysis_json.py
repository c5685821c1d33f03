# SPDX-License-Identifier: Apache-2.0
"""The analysis of a recording for other programs: every figure with its unit in its name, nothing rounded."""

from dataclasses import asdict

from groundfloor.json_number import json_number
from metrology.recording import Analysis
from metrology.recording.any_window import AnyWindow
from metrology.recording.disturbance import Disturbance
from metrology.recording.single_strokes import SingleStrokes


def analysis_json(analysis: Analysis) -> dict[str, object]:
    """Return the analysis for JSON; NaN and infinity become null, and so does what could not be computed."""
    recording, period, trumpet = analysis.recording, analysis.period, analysis.trumpet
    return {
        "recording": {
            "file": recording.source,
            "columns": list(recording.columns),
            "measured": str(recording.measured),
            "readings": len(recording.times_s),
            "first_reading": recording.begun_at,
            "used_from_s": recording.begins_s,
            "used_duration_s": float(recording.times_s[-1]),
            "simulated": recording.simulated,
        },
        "read_as": recording.read_as,
        "in_doubt": list(analysis.doubts),
        "assumed": list(analysis.assumed),
        "set_rate_ul_per_h": analysis.set_rate_ul_per_h,
        "set_rate_given": analysis.set_rate_given,
        "sample_interval_s": period.sample_interval_s,
        "analysis_period": {"from_s": period.from_s, "to_s": period.to_s},
        "mean_rate_ul_per_h": analysis.mean_rate_ul_per_h,
        "mean_rate_expanded_uncertainty_ul_per_h": json_number(
            analysis.error.expanded_uncertainty() * analysis.set_rate_ul_per_h / 100
        ),
        "overall_error_percent": trumpet.overall_error_percent if analysis.set_rate_given else None,
        "overall_error_expanded_uncertainty_percent": json_number(analysis.error.expanded_uncertainty()),
        "uncertainty_is_complete": analysis.volume is not None,
        "scatter_of_a_reading_ul": json_number(analysis.scatter_ul),
        "display_digit_ul": json_number(analysis.digit_ul),
        "steps": [_disturbance(one, recording.unit) for one in analysis.steps],
        "flow_changes": [
            {"from_s": one.from_s, "to_s": one.to_s, "rate_ul_per_h": 3600 * one.rate} for one in analysis.flow
        ],
        "dips_left_out": [_disturbance(one, recording.unit) for one in analysis.dips],
        "excluded": [
            {"from_s": one.stretch.from_s, "to_s": one.stretch.to_s, "amount": one.amount, "unit": recording.unit}
            for one in analysis.exclusions
        ],
        "start_up": {
            "times_s": analysis.start_up.times_s.tolist(),
            "rates_ul_per_h": analysis.start_up.rates_ul_per_h.tolist(),
        },
        "trumpet": {
            "windows": [
                {**asdict(window), "expanded_uncertainty_percent": json_number(expanded)}
                for window, expanded in zip(trumpet.windows, analysis.window_expanded_percent, strict=True)
            ],
            "note": trumpet.borrowed_practice,
        },
        "stability": _plain(asdict(analysis.stability)) if analysis.stability is not None else None,
        "stroke": _plain(asdict(analysis.stroke)) if analysis.stroke is not None else None,
        "no_stroke": analysis.no_stroke or None,
        "strokes_one_by_one": _strokes(analysis.single_strokes),
        "no_strokes_one_by_one": analysis.no_single_strokes or None,
        "any_window": _any_window(analysis.any_window),
        "volume": analysis.volume.as_dict() if analysis.volume is not None else None,
        "judgement": analysis.judgement.as_dict() if analysis.judgement is not None else None,
    }


def _disturbance(one: Disturbance, unit: str) -> dict[str, object]:
    return {"line": one.line, "from_s": one.from_s, "to_s": one.to_s, "size": one.size, "unit": unit}


def _strokes(strokes: SingleStrokes | None) -> dict[str, object] | None:
    if strokes is None:
        return None
    return {
        "count": len(strokes.volumes_ul),
        "mean_ul": strokes.mean_ul,
        "standard_deviation_ul": strokes.deviation_ul,
        "times_s": strokes.times_s.tolist(),
        "volumes_ul": strokes.volumes_ul.tolist(),
        "expanded_uncertainties_ul": strokes.expanded_ul.tolist(),
        "intervals_s": strokes.intervals_s.tolist(),
        "interval_standard_deviation_s": json_number(strokes.interval_deviation_s),
        "interval_expanded_uncertainty_s": strokes.interval_expanded_s,
    }


def _any_window(found: AnyWindow | None) -> dict[str, object] | None:
    if found is None:
        return None
    windows = {"excess": found.excess, "shortfall": found.shortfall}
    told: dict[str, object] = {
        name: {"volume_ul": one.rise_ul, "from_s": one.span.from_s, "to_s": one.span.to_s} if one is not None else None
        for name, one in windows.items()
    }
    return {**told, "noise_at_most_ul": found.bound_ul, "interruption_s": found.interruption_s}


def _plain(figures: dict[str, object]) -> dict[str, object]:
    return {key: json_number(value) if isinstance(value, float) else value for key, value in figures.items()}
