# SPDX-License-Identifier: Apache-2.0
"""The pictures of an infusion: its delivery; start-up and trumpet as well where it ran at one rate without a fault.

They are for people to look at. The delivery is drawn as in the page, with what was judged; start-up and trumpet are
made from the live figures of the samples, which are corrected for nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from bench.profile import Profile
from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery import start_up_curve, trumpet
from metrology.delivery.start_up_curve import START_UP_S
from metrology.verdict import Limits
from reports.any_window_promise import AnyWindowPromise
from reports.page.chart_drawing import POINTS, draw_chart
from reports.page.drawing import Drawing
from reports.page.figures import measured, share
from reports.page.infusion_chart import InfusionChart
from reports.start_up_drawing import draw_start_up
from reports.steady_delivery import SteadyDelivery
from reports.trumpet_drawing import draw_trumpet

NOT_CORRECTED = "Balance: live figure, nothing corrected; nothing is judged from it."
STEADY_AFTER_S = 3600.0
"""The trumpet leaves out the first hour, as IEC 60601-2-24 does."""


@dataclass(frozen=True)
class InfusionPicture:
    """One picture.

    Attributes:
        name: what it shows, in a word.
        drawing: the picture.
        notes: what a reader must not miss, a paragraph each.
    """

    name: str
    drawing: Drawing
    notes: tuple[str, ...]


def infusion_pictures(
    chart: InfusionChart, frame: pd.DataFrame, profile: Profile | None, *, simulated: bool
) -> Iterator[InfusionPicture]:
    """Yield the pictures that can be made of an infusion, the delivery first.

    Args:
        chart: what happened in it.
        frame: its samples, of `bench.journal.samples_frame`.
        profile: of the pump: its accuracy, its stroke, what it promises of any window; None where it is not known.
        simulated: whether a twin delivered.
    """
    yield InfusionPicture("delivery", draw_chart(chart, simulated=simulated), tuple(_told(chart)))
    yield from further_pictures(chart, frame, profile, simulated=simulated)


def further_pictures(
    chart: InfusionChart, frame: pd.DataFrame, profile: Profile | None, *, simulated: bool
) -> Iterator[InfusionPicture]:
    """Yield start-up and trumpet, where they can be made; arguments as those of `infusion_pictures`."""
    steady = SteadyDelivery.of(frame)
    if steady is None or profile is None:
        return
    title = f"SIMULATED – {chart.name}" if simulated else chart.name
    for draw in (_start_up, _trumpet):
        try:
            drawn = draw(steady, title, profile)
        except (Inconclusive, PlanError):  # a gap in the samples, or too few of them: there is nothing to look at
            continue
        if drawn is not None:
            yield drawn


def _told(chart: InfusionChart) -> Iterator[str]:
    samples = len(chart.t_s)
    shown = (
        f"{POINTS} of {samples} points shown, min/max per bin" if samples > POINTS else f"all {samples} points shown"
    )
    yield (
        "Weighed: live figure of the balance, nothing corrected. Deviations: corrected, each from the start of its "
        f"window, as a share of the limits of that window. Each curve: {shown}."
    )
    if chart.unjudged_percent >= 0.5:
        percent = round(chart.unjudged_percent)
        yield f"In the hatched part ({percent} % of the time) the plan judged no window: the account of phases does."
    yield from _windows(chart)


def _windows(chart: InfusionChart) -> Sequence[str]:
    return [
        f"{chart.letter(window)}: {window.name}: {measured(window.span.volume_ul, window.span.expanded_ul)} µL, "
        + (f"{share(window.deviation)} of its limit" if window.deviation is not None else "not judged by its volume")
        for window in chart.windows
    ]


def _start_up(steady: SteadyDelivery, title: str, _: Profile) -> InfusionPicture | None:
    if not steady.from_start:
        return None
    interval_s = 2 * steady.interval_s
    steps = int(min(START_UP_S, steady.curve.duration_s) / interval_s)
    curve = start_up_curve(steady.curve, interval_s, steps * interval_s)
    note = f"Sampling interval {interval_s:g} s. IEC 60601-2-24 practice, borrowed. {NOT_CORRECTED}"
    return InfusionPicture("start-up", draw_start_up(f"{title}: start-up", curve, steady.set_rate_ul_per_h), (note,))


def _trumpet(steady: SteadyDelivery, title: str, profile: Profile) -> InfusionPicture | None:
    first_s, last_s = float(steady.curve.times_s[0]), float(steady.curve.times_s[-1])
    if last_s - first_s < 3 * STEADY_AFTER_S:
        return None
    percent, stroke_volume_ul = profile.accuracy_percent.value, profile.stroke_volume_ul.value
    limits = Limits(-percent, percent, "%", f"profile {profile.name}: accuracy_percent")
    part = steady.curve.between(first_s + STEADY_AFTER_S, last_s)
    windows_s = tuple(one for one in steady.windows_s(stroke_volume_ul) if one <= part.duration_s)
    curves = trumpet(part, steady.set_rate_ul_per_h, steady.interval_s, windows_s, stroke_volume_ul)
    if not curves.windows:
        return None
    promise = AnyWindowPromise.of(profile, steady.set_rate_ul_per_h)
    note = f"From 1 h to {(last_s - first_s) / 3600:.4g} h, sampling interval {steady.interval_s:g} s. {NOT_CORRECTED}"
    drawing = draw_trumpet(f"{title}: trumpet curve", curves, limits, promise)
    return InfusionPicture("trumpet", drawing, (note, curves.borrowed_practice))
