# SPDX-License-Identifier: Apache-2.0
"""Several recordings side by side, for a terminal and for other programs."""

import os.path
from dataclasses import asdict
from pathlib import Path

from rich.console import Group
from rich.table import Table

from groundfloor.json_number import json_number
from metrology.recording.analysis import Analysis
from metrology.recording.fleet import Fleet
from metrology.verdict import Verdict
from reports.analysis_json import analysis_json
from reports.terminal_text import terminal_text

HEADINGS = ("pump", "file", "mean rate / µL/h", "A / %", "± U / %", "stability / %", "stroke / µL", "verdict")


def fleet_table(fleet: Fleet) -> Group:
    """Return the recordings as a table, a row each, and the tolerance interval below."""
    table = Table(*HEADINGS)
    for row in fleet_rows(fleet):
        table.add_row(*map(terminal_text, row))
    folder = (f"files of {fleet_folder(fleet)}",) if fleet_folder(fleet) else ()
    return Group(
        table, *map(terminal_text, (*folder, *fleet_doubts(fleet), *fleet_reasons(fleet), fleet_interval(fleet)))
    )


def fleet_rows(fleet: Fleet) -> tuple[tuple[str, ...], ...]:
    """Return a row of words for each recording, below `HEADINGS`."""
    base = fleet_folder(fleet)
    return tuple(
        (name, _below(analysis.recording.source, base), *_row(analysis))
        for name, pump in zip(short_names(fleet), fleet.pumps, strict=True)
        for analysis in pump.analyses
    )


def fleet_folder(fleet: Fleet) -> str:
    """Return the folder that holds all recordings; empty where they share none."""
    folders = [str(Path(one.recording.source).parent) for one in _analyses(fleet)]
    try:
        shared = os.path.commonpath(folders)
    except ValueError:  # some are told from the root on, and others are not
        return ""
    return shared if shared != os.path.curdir else ""


def short_names(fleet: Fleet) -> tuple[str, ...]:
    """Return the names of the pumps, without the folder that holds them all."""
    base = fleet_folder(fleet)
    return tuple(_below(pump.name, base) for pump in fleet.pumps)


def _below(path: str, base: str) -> str:
    return str(Path(path).relative_to(base)) if base and Path(path).is_relative_to(base) else path


def fleet_doubts(fleet: Fleet) -> tuple[str, ...]:
    """Return what is in doubt, with the file."""
    return tuple(f"{one.recording.source}: {doubt}" for one in _analyses(fleet) for doubt in one.doubts)


def fleet_reasons(fleet: Fleet) -> tuple[str, ...]:
    """Return why verdicts are no PASS, with the file; what is in doubt is told beside."""
    return tuple(
        f"{one.recording.source}: {one.judgement.verdict.name}: {one.judgement.reason}"
        for one in _analyses(fleet)
        if one.judgement is not None and one.judgement.verdict is not Verdict.PASS and not one.doubts
    )


def _analyses(fleet: Fleet) -> tuple[Analysis, ...]:
    return tuple(analysis for pump in fleet.pumps for analysis in pump.analyses)


def fleet_json(fleet: Fleet) -> dict[str, object]:
    """Return the recordings and the tolerance interval for JSON."""
    interval = fleet.interval
    told: dict[str, object] | None = None
    if interval is not None:
        figures = {
            key: json_number(value) if isinstance(value, float) else value for key, value in asdict(interval).items()
        }
        told = {**figures, "unit": "%"}
    return {
        "pumps": [
            {
                "name": pump.name,
                "overall_error_percent": json_number(pump.error_percent),
                "recordings": [analysis_json(analysis) for analysis in pump.analyses],
            }
            for pump in fleet.pumps
        ],
        "tolerance_interval": told,
        "no_tolerance_interval": fleet.no_interval or None,
    }


def _row(analysis: Analysis) -> tuple[str, ...]:
    stability, stroke, judged = analysis.stability, analysis.stroke, analysis.judgement
    return (
        f"{analysis.mean_rate_ul_per_h:.5g}",
        f"{analysis.trumpet.overall_error_percent:+.3f}" if analysis.set_rate_given else "–",
        f"{analysis.error.expanded_uncertainty():.2g}",
        f"{stability.coefficient_of_variation_percent:.3g}" if stability is not None else "–",
        f"{stroke.volume_ul:.4g}" if stroke is not None else "–",
        "IN DOUBT" if analysis.doubts else judged.verdict.name if judged is not None else "–",
    )


def fleet_interval(fleet: Fleet) -> str:
    """Return the tolerance interval in words, or why there is none."""
    interval = fleet.interval
    if interval is None:
        return f"no tolerance interval: {fleet.no_interval}"
    kind = f"tolerance interval {100 * interval.coverage:g}/{100 * interval.confidence:g} of A"
    sample = f"{interval.count} pumps, mean {interval.mean:+.3f} %, s {interval.standard_deviation:.3f} %"
    reach = f"{interval.lower:+.2f} % to {interval.upper:+.2f} %"
    return f"{kind}: {reach} ({sample}, k = {interval.k:.3f}; normal, drawn at random)"
