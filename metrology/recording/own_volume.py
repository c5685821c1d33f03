# SPDX-License-Identifier: Apache-2.0
"""The volume between two instants with what the record alone shows of its uncertainty: less than the truth, never more.

Where nobody tells the balance's figures, or a volume was recorded, this is all that there is. It decides nothing; it
says how far a figure may be off at least.
"""

import numpy as np

from metrology.delivery import DeliveryCurve
from metrology.gravimetry.mark_influences import READING_INSTANT_HALF_WIDTH_S
from metrology.recording.interpolated import interpolated
from metrology.recording.shown_scatter import ShownScatter
from metrology.uncertainty import Influence, Quantity, quantity_from


def own_volume(
    curve: DeliveryCurve,
    from_s: float,
    to_s: float,
    stroke_ul: float,
    shown: ShownScatter,
    ul_per_unit: float,
    stamp_half_width_s: float,
) -> Quantity:
    """Return the volume delivered between two instants of a curve.

    Args:
        curve: cumulative volume.
        from_s: the first instant.
        to_s: the last.
        stroke_ul: what the pump moves at once.
        shown: of the readings, in their own unit.
        ul_per_unit: µL of one of it.
        stamp_half_width_s: how far a reading may lie from its stamp.
    """
    ends_ul = interpolated(np.array([from_s, to_s]), curve.times_s, curve.volumes_ul)
    value_ul = float(ends_ul[1] - ends_ul[0])
    rate_ul_per_s = value_ul / (to_s - from_s)
    influences, off = list[Influence](), 0.0
    for end in ("begin", "end"):
        scatter = Influence.type_a(f"scatter at the {end}", 0.0, "µL", ul_per_unit * shown.scatter_mg, shown.dof)
        digit = Influence.rectangular(f"resolution at the {end}", 0.0, "µL", ul_per_unit * shown.digit_mg / 2)
        stroke = Influence.rectangular(f"stroke quantisation at the {end}", 0.0, "µL", stroke_ul / 2)
        late_s = READING_INSTANT_HALF_WIDTH_S + stamp_half_width_s
        timing = Influence.rectangular(f"timing at the {end}", 0.0, "s", late_s)
        influences += [scatter, digit, stroke, timing]
        off += scatter.number + digit.number + stroke.number + rate_ul_per_s * timing.number
    steps = Influence.type_b("steps", 0.0, "µL", ul_per_unit * shown.steps_mg)
    influences.append(steps)
    return quantity_from(value_ul + off + steps.number, "µL", influences)
