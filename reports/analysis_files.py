# SPDX-License-Identifier: Apache-2.0
"""The analysis of a recording as files: its pictures as PNG and SVG, its figures as JSON."""

import json
from collections.abc import Iterator
from pathlib import Path

from groundfloor.errors import PlanError
from metrology.recording import Analysis
from metrology.recording.boluses import Boluses
from metrology.recording.fleet import Fleet
from metrology.verdict import Limits
from reports.analysis_json import analysis_json
from reports.analysis_page import analysis_page, report_page
from reports.analysis_pdf import analysis_pdf, report_pdf
from reports.analysis_rows import Remarks, TableOfWords, recording_rows
from reports.bolus_plot import bolus_plot
from reports.bolus_table import HEADINGS as BOLUS_HEADINGS
from reports.bolus_table import bolus_json, bolus_rows, bolus_summary
from reports.budget_plot import budget_plot
from reports.curve_points import thinned_note
from reports.disturbance_marks import mark_disturbances
from reports.error_plot import error_plot
from reports.fleet_table import (
    HEADINGS,
    fleet_doubts,
    fleet_folder,
    fleet_interval,
    fleet_json,
    fleet_reasons,
    fleet_rows,
    short_names,
)
from reports.picture import Caption, Picture, legend
from reports.start_up_plot import start_up_plot
from reports.time_axis import time_axis
from reports.trumpet_plot import trumpet_plot
from reports.trumpets_plot import trumpets_plot
from reports.volume_plot import volume_plot

RESULTS, PAGE, REPORT = "analysis.json", "report.html", "report.pdf"
PRACTICE = "IEC 60601-2-24 practice, borrowed for an implantable pump."


def write_analysis(analysis: Analysis, folder: Path) -> list[Path]:
    """Write figures and pictures of an analysis into a folder, which is made if it is missing.

    Returns:
        The files; those of the same name that were there are overwritten.

    Raises:
        PlanError: the folder cannot be written.
    """
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / RESULTS
        target.write_text(
            json.dumps(analysis_json(analysis), indent=2, allow_nan=False, ensure_ascii=False) + "\n", "utf-8"
        )
        written.append(target)
        drawn: list[tuple[str, bytes]] = []
        for name, picture in pictures(analysis):
            drawn.append((name, picture.svg()))
            for path, content in ((folder / f"{name}.png", picture.png()), (folder / f"{name}.svg", drawn[-1][1])):
                path.write_bytes(content)
                written.append(path)
        reports = ((PAGE, analysis_page(analysis, drawn).encode()), (REPORT, analysis_pdf(analysis, drawn)))
        for name, content in reports:
            (folder / name).write_bytes(content)
            written.append(folder / name)
    except OSError as refused:
        raise PlanError(f"folder {folder}", "write", str(refused), "name a folder that can be written") from refused
    return written


def write_boluses(found: Boluses, folder: Path) -> list[Path]:
    """Write the boluses of a recording: figures, picture and report.

    Raises:
        PlanError: the folder cannot be written.
    """
    recording = found.recording
    name = Path(recording.source).name
    picture = bolus_plot(found, Caption(f"{name}: boluses", recording.simulated))
    svg = picture.svg()
    remarks = (
        ("In doubt", found.doubts),
        ("Boluses", (bolus_summary(found),)),
        ("Read as", (recording.read_as,)),
        ("Assumed", found.assumed),
    )
    told = (
        f"{'SIMULATED – ' * recording.simulated}{name}: boluses of a recording",
        [("boluses", svg)],
        [TableOfWords("Boluses one by one", BOLUS_HEADINGS, bolus_rows(found)), recording_rows(recording)],
        tuple((title, sentences) for title, sentences in remarks if any(sentences)),
    )
    figures = json.dumps(bolus_json(found), indent=2, allow_nan=False, ensure_ascii=False) + "\n"
    made = {
        RESULTS: figures.encode(),
        "boluses.png": picture.png(),
        "boluses.svg": svg,
        PAGE: report_page(*told).encode(),
        REPORT: report_pdf(*told),
    }
    return _written(made, folder)


def _written(made: dict[str, bytes], folder: Path) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (folder / name).write_bytes(content)
    except OSError as refused:
        raise PlanError(f"folder {folder}", "write", str(refused), "name a folder that can be written") from refused
    return [folder / name for name in made]


def write_fleet(fleet: Fleet, limits: Limits | None, folder: Path) -> list[Path]:
    """Write what several recordings have in common: their figures, and their trumpets over each other.

    Raises:
        PlanError: the folder cannot be written.
    """
    named = [(name, one) for name, pump in zip(short_names(fleet), fleet.pumps, strict=True) for one in pump.analyses]
    simulated = any(one.recording.simulated for _, one in named)
    note = f"Solid: Ep(max), dashed: Ep(min); a colour is a pump. {PRACTICE}"
    picture = trumpets_plot(named, limits, Caption(f"trumpets of {len(named)} recordings", simulated, note))
    figures = json.dumps(fleet_json(fleet), indent=2, allow_nan=False, ensure_ascii=False) + "\n"
    svg = picture.svg()
    told = (
        f"{'SIMULATED – ' * simulated}analysis of {len(named)} recordings of {len(fleet.pumps)} pumps",
        [("trumpets over each other", svg)],
        [TableOfWords("Recordings", HEADINGS, fleet_rows(fleet))],
        fleet_remarks(fleet),
    )
    made = {
        RESULTS: figures.encode(),
        "trumpets.png": picture.png(),
        "trumpets.svg": svg,
        PAGE: report_page(*told).encode(),
        REPORT: report_pdf(*told),
    }
    return _written(made, folder)


def fleet_remarks(fleet: Fleet) -> tuple[Remarks, ...]:
    """Return titled lists of sentences about several recordings: doubts, the tolerance interval, why no PASS."""
    assumed = dict.fromkeys(told for pump in fleet.pumps for one in pump.analyses for told in one.assumed)
    found = (
        ("In doubt", fleet_doubts(fleet)),
        ("Tolerance interval", (fleet_interval(fleet),)),
        ("Files", (f"of {fleet_folder(fleet)}",) if fleet_folder(fleet) else ()),
        ("Verdicts", fleet_reasons(fleet)),
        ("Assumed of one recording or more, because nothing else was said", tuple(assumed)),
    )
    return tuple((title, sentences) for title, sentences in found if sentences)


def pictures(analysis: Analysis) -> Iterator[tuple[str, Picture]]:
    """Yield the pictures by the names of their files."""
    rate, limits, curve, band = analysis.set_rate_ul_per_h, analysis.limits, analysis.curve, analysis.band
    interval = f"sampling interval {analysis.period.sample_interval_s:g} s, {_rate_text(analysis)}"
    caption = _caption(analysis, "start-up", f"{interval}. {PRACTICE}")
    yield "start-up", start_up_plot(analysis.start_up, rate, caption, analysis.rate_words)
    caption = _caption(analysis, "trumpet curve", f"analysis period {_period_text(analysis)}, {interval}.")
    yield "trumpet", trumpet_plot(analysis.trumpet, limits, caption, with_overall=analysis.set_rate_given)
    shown = f"{_rate_text(analysis)}. {thinned_note(len(curve.times_s))}"
    caption = _caption(analysis, "delivered volume", shown)
    yield "volume", _marked(analysis, volume_plot(curve, rate, band, caption, analysis.rate_words))
    yield (
        "error",
        _marked(analysis, error_plot(curve, rate, band, limits, _caption(analysis, "error over time", shown))),
    )
    volume = analysis.volume
    if volume is not None and volume.budget:
        caption = _caption(analysis, f"uncertainty budget of the volume, {_period_text(analysis)}", "")
        drawn = budget_plot(volume.budget, "µL", volume.expanded_uncertainty(), volume.coverage_factor(), caption)
        yield "budget", drawn


def _marked(analysis: Analysis, picture: Picture) -> Picture:
    """Return a picture over time with what disturbed the recording drawn into it."""
    (axes,) = picture.axes
    if analysis.steps or analysis.dips or analysis.exclusions:
        mark_disturbances(axes, analysis, time_axis(analysis.curve.duration_s).seconds)
        legend(axes)
    return picture


def _period_text(analysis: Analysis) -> str:
    return f"{analysis.period.from_s / 3600:.4g} h to {analysis.period.to_s / 3600:.4g} h"


def _caption(analysis: Analysis, what: str, note: str) -> Caption:
    name = Path(analysis.recording.source).name
    doubt = "IN DOUBT – " if analysis.doubts else ""
    return Caption(f"{doubt}{name}: {what}", analysis.recording.simulated, note[:1].upper() + note[1:])


def _rate_text(analysis: Analysis) -> str:
    kind = "set rate" if analysis.set_rate_given else "no set rate given: errors refer to the mean rate of the period,"
    return f"{kind} {analysis.set_rate_ul_per_h:.5g} µL/h"
