# SPDX-License-Identifier: Apache-2.0
"""What presses on the pan or lifts it at a mark without being weight of the delivery.

Three of them come and go, nobody sees them in the readings, and none averages out. The water's surface pulls at a
tube that dips in, by 23 mg per millimetre of diameter and cosine of the angle at which it meets the tube; that angle
wanders with the wetting of the tube. A drop hangs at an outlet that is raised, or has just fallen from it. And in dry
air charges on the vessel attract the draught shield.
"""

from collections.abc import Iterator

from metrology.gravimetry.mark import BalanceMark
from metrology.gravimetry.mark_influences import instant_name
from metrology.gravimetry.vessel import Vessel
from metrology.uncertainty import Influence


def pan_forces(vessel: Vessel, mark: BalanceMark, *, dry: bool) -> tuple[Influence, ...]:
    """Return what may be on the display at a mark beside the load, in mg.

    Args:
        vessel: what stands on the pan and hangs over it.
        mark: where.
        dry: whether the air was so dry that charges stay.
    """
    return tuple(_forces(vessel, instant_name(mark), dry=dry))


def _forces(vessel: Vessel, at: str, *, dry: bool) -> Iterator[Influence]:
    if vessel.meniscus_mg > 0:
        yield Influence.rectangular(f"meniscus {at}", 0.0, "mg", vessel.meniscus_mg)
    if vessel.drop_mg > 0:
        # anything from none to a whole drop has not fallen yet; what is the same at both ends goes out
        yield Influence.rectangular(f"pendant drop {at}", 0.0, "mg", vessel.drop_mg / 2)
    if dry and vessel.static_mg > 0:
        yield Influence.rectangular(f"static charge {at}", 0.0, "mg", vessel.static_mg)
