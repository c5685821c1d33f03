# SPDX-License-Identifier: Apache-2.0
"""The analysis of a recording for a terminal: what was read, what was assumed, and the figures."""

import math
from collections.abc import Iterable

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table

from metrology.recording import Analysis
from metrology.verdict import Judgement, Limits
from reports.terminal_text import terminal_text
from reports.verdict_mark import verdict_mark

BEYOND = "beyond"
LEAST_UL = 1e-6
"""A window with less has gained nothing: that is what is left of rounding."""


def analysis_tables(analysis: Analysis) -> Group:
    """Return all that a person wants to see of an analysis."""
    parts: list[RenderableType] = [
        _title(analysis),
        *_doubts(analysis),
        _rows(figures(analysis)),
        "",
        _trumpet(analysis),
        analysis.trumpet.borrowed_practice,
    ]
    if analysis.volume is not None and analysis.volume.budget:
        parts += ["", _budget(analysis)]
    if analysis.judgement is not None:
        parts += ["", _verdict(analysis.judgement)]
    assumed = [f"  – {terminal_text(sentence)}" for sentence in analysis.assumed]
    return Group(*parts, "", "Assumed, because nothing else was said:", *assumed)


def _title(analysis: Analysis) -> str:
    recording = analysis.recording
    stamp = "SIMULATED – " if recording.simulated else ""
    time, amount = recording.columns
    told = f"{stamp}{recording.source}: {len(recording.times_s)} readings of {recording.measured}"
    told += f" in {_time(float(recording.times_s[-1]))}"
    read_as = f"\nread as: {terminal_text(recording.read_as)}" if recording.read_as else ""
    return f"[bold]{terminal_text(told)}[/]\n{terminal_text(f'columns {time!r} and {amount!r}')}{read_as}"


def _doubts(analysis: Analysis) -> list[str]:
    """Return what puts the figures in doubt, and what a person took out."""
    unit = analysis.recording.unit
    taken = [
        f"excluded {terminal_text(one.stretch.told)}: {one.stretch.to_s - one.stretch.from_s:.6g} s, "
        f"{one.amount:+.5g} {unit}"
        for one in analysis.exclusions
    ]
    return [*(f"[bold yellow]{terminal_text(doubt)}[/]" for doubt in analysis.doubts), *taken]


def _rows(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in rows:
        table.add_row(name, terminal_text(value))
    return table


def figures(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """Yield names and values of the figures."""
    period, stability, stroke = analysis.period, analysis.stability, analysis.stroke
    if analysis.set_rate_given:
        yield "set rate", f"{analysis.set_rate_ul_per_h:.5g} µL/h"
    yield "sampling interval", _time(period.sample_interval_s)
    yield "start-up", _start_up(analysis)
    yield "analysis period", f"{_time(period.from_s)} to {_time(period.to_s)}"
    expanded, doubt = analysis.error.expanded_uncertainty(), " IN DOUBT" if analysis.doubts else ""
    rate = analysis.mean_rate_ul_per_h
    yield "mean rate", f"{_with_u(rate, expanded * analysis.set_rate_ul_per_h / 100)} µL/h{doubt}"
    if analysis.set_rate_given:
        yield "overall error A", f"{_with_u(analysis.trumpet.overall_error_percent, expanded, '+')} %{doubt}"
    if analysis.flow:
        yield "flow", _flow(analysis)
    yield "readings", _readings(analysis)
    if analysis.volume is not None:
        yield "volume", f"{analysis.volume} (k = {analysis.volume.coverage_factor():.2f}, 95 %)"
    if stability is not None:
        drift, u_drift = stability.drift_percent_per_day, stability.drift_standard_uncertainty_percent_per_day
        certain = f" (u = {u_drift:.2g} %/d)" if math.isfinite(u_drift) else ""
        windows = f"{stability.count} windows of {_time(stability.window_s)}"
        yield (
            "stability",
            f"{stability.coefficient_of_variation_percent:.3g} % (s of {windows}), drift {drift:+.2g} %/d{certain}",
        )
    found = f"none found: {analysis.no_stroke}"
    if stroke is not None:
        found = f"{stroke.volume_ul:.4g} µL every {_time(stroke.period_s)}, found in the readings"
    yield "stroke", found
    if stroke is not None or analysis.single_strokes is not None:
        yield "strokes one by one", _strokes(analysis)
    yield from _any_window(analysis)


def _flow(analysis: Analysis) -> str:
    parts = (f"{3600 * one.rate:.4g} µL/h until {_time(one.to_s)}" for one in analysis.flow)
    return f"changes by more than noise: {', '.join(parts)}; the figures are of all of it together"


def _strokes(analysis: Analysis) -> str:
    strokes = analysis.single_strokes
    if strokes is None:
        return f"not told apart: {analysis.no_single_strokes}"
    u_ul, each_s = float(np.median(strokes.expanded_ul)), float(np.mean(strokes.intervals_s))
    volumes = f"{strokes.mean_ul:.4g} µL (s = {strokes.deviation_ul:.2g} µL, U of one {u_ul:.2g} µL)"
    known = f"s = {strokes.interval_deviation_s:.2g} s, U of one {strokes.interval_expanded_s:.2g} s"
    intervals = f"{_time(each_s)} ({known})"
    return f"{len(strokes.volumes_ul)} of {volumes} every {intervals}"


def _any_window(analysis: Analysis) -> Iterable[tuple[str, str]]:
    found = analysis.any_window
    if found is None or found.excess is None or found.shortfall is None:
        return
    noise = _plain(found.bound_ul, 2)
    for name, window in (("greatest excess", found.excess), ("greatest shortfall", found.shortfall)):
        span = f"{_time(window.span.from_s)} to {_time(window.span.to_s)}"
        yield (
            name,
            f"{_plain(window.rise_ul)} µL of any window ({span}; noise makes at most {noise} µL of it)",
        )
    yield "interruption", f"that shortfall is as if nothing had come for {_time(found.interruption_s)}"


def _plain(volume_ul: float, digits: int = 4) -> str:
    """Return a volume without what is left of rounding where it is none."""
    return f"{0.0 if abs(volume_ul) < LEAST_UL else volume_ul:.{digits}g}"


def _readings(analysis: Analysis) -> str:
    digit = f", the last digit is {analysis.digit_ul:.3g} µL" if analysis.digit_ul > 0 else ""
    complete = "" if analysis.volume is not None else "; ± is at least that: the balance's figures are not in it"
    return f"scatter by {_plain(analysis.scatter_ul, 2)} µL about the flow{digit}{complete}"


def _start_up(analysis: Analysis) -> str:
    start_up, rate = analysis.start_up, analysis.set_rate_ul_per_h
    lasted = _time(float(start_up.times_s[-1]))
    mean = float(np.mean(start_up.rates_ul_per_h))
    return (
        f"mean {mean:.4g} µL/h over the first {lasted}, {100 * (mean / rate - 1):+.2f} % of the {analysis.rate_words}"
    )


def trumpet_rows(analysis: Analysis) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return headings and rows of the trumpet."""
    limits = ("limits",) if analysis.limits else ()
    headings = ("window", "Ep(min)", "Ep(max)", "± U of one", "windows", "strokes", *limits)
    expanded = dict(zip(analysis.trumpet.windows, analysis.window_expanded_percent, strict=True))
    rows = []
    for window in sorted(analysis.trumpet.windows, key=lambda one: one.duration_s):
        strokes = "" if window.strokes is None else f"{window.strokes:.2f}"
        hint = "" if window.whole_strokes in (None, True) else " not whole"
        cells = [_time(window.duration_s), f"{window.least_percent:+.3f} %", f"{window.greatest_percent:+.3f} %"]
        cells += [f"{expanded[window]:.2g} %", str(window.count), strokes + hint]
        if analysis.limits is not None:
            cells.append(_against(analysis.limits, window.least_percent, window.greatest_percent))
        rows.append(tuple(cells))
    return headings, tuple(rows)


def _trumpet(analysis: Analysis) -> Table:
    headings, rows = trumpet_rows(analysis)
    table = Table(*headings)
    table.title, table.title_justify = "Trumpet: error of the mean rate over windows", "left"
    for row in rows:
        table.add_row(*(f"[yellow]{cell}[/]" if cell == BEYOND else cell for cell in row))
    return table


def _against(limits: Limits, least: float, greatest: float) -> str:
    below = limits.lower is not None and least < limits.lower
    above = limits.upper is not None and greatest > limits.upper
    return BEYOND if below or above else "within, U not counted"


def budget_rows(analysis: Analysis) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return headings and rows of the budget, the greatest first; no rows where there is none."""
    headings = ("influence", "type", "u", "sensitivity", "adds", "share of u²")
    volume = analysis.volume
    if volume is None:
        return headings, ()
    whole = volume.standard_uncertainty**2 or 1.0
    rows = []
    for line in sorted(volume.budget, key=lambda one: one.contribution, reverse=True):
        if line.contribution > 0:
            share = f"{line.contribution**2 / whole:.1%}"
            u = f"{line.standard_uncertainty:.3g} {line.unit}"
            rows.append((line.name, line.kind, u, f"{line.sensitivity:.4g}", f"{line.contribution:.3g} µL", share))
    return headings, tuple(rows)


def _budget(analysis: Analysis) -> Table:
    headings, rows = budget_rows(analysis)
    table = Table(*headings)
    table.title, table.title_justify = "Budget of the volume in the analysis period", "left"
    for row in rows:
        table.add_row(*row)
    return table


def _verdict(judgement: Judgement) -> str:
    return f"{verdict_mark(judgement.verdict)} {terminal_text(judgement.reason)}\n{judgement.rule}"


def _with_u(value: float, expanded: float, sign: str = "") -> str:
    """Return a value and its U, which has two significant figures (GUM 7.2.6)."""
    if not (math.isfinite(expanded) and expanded > 0):
        return f"{value:{sign}.5g} ± {expanded:.2g}"
    decimals = max(0, 1 - math.floor(math.log10(expanded)))
    return f"{value:{sign}.{decimals}f} ± {expanded:.{decimals}f}"


def _time(duration_s: float) -> str:
    for seconds, unit in ((86_400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if duration_s >= 2 * seconds:
            return f"{duration_s / seconds:.4g} {unit}"
    return f"{duration_s:.4g} s"
