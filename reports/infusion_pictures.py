# SPDX-License-Identifier: Apache-2.0
"""The further pictures of an infusion: start-up and trumpet, where it ran at one rate without a fault.

They are for people to look at: made from the live figures of the samples, which are corrected for nothing. What was
judged is in the judgements.
"""

from collections.abc import Iterator

import pandas as pd

from bench.profile import Profile
from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery import start_up_curve, trumpet
from metrology.delivery.start_up_curve import START_UP_S
from metrology.verdict import Limits
from reports.any_window_promise import AnyWindowPromise
from reports.picture import Caption, Picture
from reports.start_up_plot import start_up_plot
from reports.steady_delivery import SteadyDelivery
from reports.trumpet_plot import trumpet_plot

NOT_CORRECTED = "Balance: live figure, nothing corrected; nothing is judged from it."
STEADY_AFTER_S = 3600.0
"""The trumpet leaves out the first hour, as IEC 60601-2-24 does."""


def infusion_pictures(
    frame: pd.DataFrame, title: str, limits: Limits, profile: Profile, *, simulated: bool
) -> Iterator[tuple[str, Picture]]:
    """Yield the pictures that can be made of an infusion, by name.

    Args:
        frame: its samples, of `bench.journal.samples_frame`.
        title: what was infused.
        limits: of the error in %, drawn into the trumpet.
        profile: of the pump: its stroke, and what it promises of any window.
        simulated: whether a twin delivered.
    """
    steady = SteadyDelivery.of(frame)
    if steady is None:
        return
    for draw in (_start_up, _trumpet):
        try:
            drawn = draw(steady, title, limits, profile, simulated)
        except (Inconclusive, PlanError):  # a gap in the samples, or too few of them: there is nothing to look at
            continue
        if drawn is not None:
            yield drawn


def _start_up(
    steady: SteadyDelivery, title: str, _: Limits, __: Profile, simulated: bool
) -> tuple[str, Picture] | None:
    if not steady.from_start:
        return None
    interval_s = 2 * steady.interval_s
    steps = int(min(START_UP_S, steady.curve.duration_s) / interval_s)
    curve = start_up_curve(steady.curve, interval_s, steps * interval_s)
    note = f"Sampling interval {interval_s:g} s. IEC 60601-2-24 practice, borrowed. {NOT_CORRECTED}"
    caption = Caption(f"{title}: start-up", simulated, note)
    return "start-up", start_up_plot(curve, steady.set_rate_ul_per_h, caption)


def _trumpet(
    steady: SteadyDelivery, title: str, limits: Limits, profile: Profile, simulated: bool
) -> tuple[str, Picture] | None:
    first_s, last_s = float(steady.curve.times_s[0]), float(steady.curve.times_s[-1])
    if last_s - first_s < 3 * STEADY_AFTER_S:
        return None
    stroke_volume_ul = profile.stroke_volume_ul.value
    part = steady.curve.between(first_s + STEADY_AFTER_S, last_s)
    windows_s = tuple(one for one in steady.windows_s(stroke_volume_ul) if one <= part.duration_s)
    curves = trumpet(part, steady.set_rate_ul_per_h, steady.interval_s, windows_s, stroke_volume_ul)
    note = f"From 1 h to {(last_s - first_s) / 3600:.4g} h, sampling interval {steady.interval_s:g} s. {NOT_CORRECTED}"
    promise = AnyWindowPromise.of(profile, steady.set_rate_ul_per_h)
    caption = Caption(f"{title}: trumpet curve", simulated, note)
    return "trumpet", trumpet_plot(curves, limits, caption, promise=promise)
