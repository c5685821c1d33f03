# SPDX-License-Identifier: Apache-2.0
"""The second measure of the flow: what it saw in a window, held against the balance.

Neither of the two is the better one. Where they do not agree nobody knows which is right, and then neither may pass a
pump nor fail it (`bench.preflight.distrust`).
"""

from dataclasses import dataclass
from typing import Self

from bench.bench_file import BenchFile
from bench.weighing.balance_figures import specification
from bench.weighing.delivery_window import DeliveryWindow
from bench.weighing.vessel_on_pan import liquid_of
from groundfloor.json_number import json_number
from metrology.gravimetry import Equivalence, SecondInstrument, second_volume


@dataclass(frozen=True)
class SecondFlow:
    """What is known of a bench's second measure."""

    instrument: SecondInstrument

    @classmethod
    def of(cls, file: BenchFile) -> Self | None:
        """Return that of a bench file; None where there is none."""
        stated = file.second_measure
        if stated is None:
            return None
        return cls(
            SecondInstrument(
                specification(stated.instrument),
                liquid_of(file),
                stated.shows == "pump",
                stated.expanded_uncertainty_percent,
                stated.expanded_uncertainty_ul,
            )
        )

    def compared(self, window: DeliveryWindow) -> Equivalence | None:
        """Return the volume of a window by both measures; None where a mark has none of the second."""
        start, end = window.start, window.end
        if start.second is None or end.second is None:
            return None
        air, stroke_ul = window.delivered.span.conditions, window.delivered.span.stroke_volume_ul
        return Equivalence(window.weighed, second_volume(self.instrument, start.second, end.second, air, stroke_ul))


def comparison_data(name: str, found: Equivalence) -> dict[str, object]:
    """Return the data of the line that tells of a comparison.

    Args:
        name: of the window.
        found: what both measures saw in it.
    """
    first, second, apart = found.first, found.second, found.difference
    told = "agree" if found.agrees else "do not agree"
    return {
        "title": (
            f"{name}: the balance weighed {first}, the second measure shows {second}: they {told} "
            f"(d = {apart}, E_n = {found.e_n:.2f})"
        ),
        "name": name,
        "weighed_ul": json_number(first.value),
        "weighed_expanded_ul": json_number(first.expanded_uncertainty()),
        "second_ul": json_number(second.value),
        "second_expanded_ul": json_number(second.expanded_uncertainty()),
        "difference_ul": json_number(apart.value),
        "difference_expanded_ul": json_number(apart.expanded_uncertainty()),
        "e_n": json_number(found.e_n),
        "agrees": found.agrees,
    }
