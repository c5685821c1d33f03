# SPDX-License-Identifier: Apache-2.0
"""What to make of a recording: every choice that changes a figure, None where a usual one is to be taken and told."""

from dataclasses import dataclass

from metrology.delivery import AMBULATORY_WINDOWS_S, GENERAL_WINDOWS_S
from metrology.gravimetry import BalanceSpecification
from metrology.recording.exclusion import Stretch
from metrology.recording.weighed_liquid import WeighedLiquid
from metrology.verdict import Limits

NAMED_WINDOWS_S = {"iec-general": GENERAL_WINDOWS_S, "iec-ambulatory": AMBULATORY_WINDOWS_S}


@dataclass(frozen=True)
class Windows:
    """The observation windows of the trumpet: a named set, or durations, or numbers of strokes.

    Attributes:
        name: of a set of `NAMED_WINDOWS_S`; those of its windows that do not fit are left out, and that is told.
        durations_s: chosen one by one.
        strokes: numbers of whole strokes.
    """

    name: str | None = None
    durations_s: tuple[float, ...] = ()
    strokes: tuple[int, ...] = ()


@dataclass(frozen=True)
class AnalysisRequest:
    """What to compute, and how.

    Attributes:
        liquid: how mass becomes volume.
        qualifiers: what about the liquid was taken for granted, so that no verdict may rest on it.
        balance: for the uncertainty of the volume; None for none.
        set_rate_ul_per_h: what the pump was set to; None takes its own mean rate.
        sample_interval_s: S; None takes a usual one that the readings are close enough for.
        start_up_s: how long the start-up curve is.
        analyse_from_s, analyse_to_s: the analysis period; None from the end of the start-up to the end.
        use_from_s, use_to_s: the part of the file to use at all.
        windows: None takes the IEC set that the sampling interval allows.
        limits: of the overall error in %, drawn into the trumpet as well.
        stroke_volume_ul: None looks for strokes in the readings; 0 says that the pump does not pulse.
        longest_gap_s: None takes 2.5 usual intervals.
        exclude: stretches to be taken out, time and all that came meanwhile.
        accept: stretches in which what looks like a disturbance was the pump's delivery.
    """

    liquid: WeighedLiquid
    qualifiers: tuple[str, ...] = ()
    balance: BalanceSpecification | None = None
    set_rate_ul_per_h: float | None = None
    sample_interval_s: float | None = None
    start_up_s: float = 7200.0
    analyse_from_s: float | None = None
    analyse_to_s: float | None = None
    use_from_s: float | None = None
    use_to_s: float | None = None
    windows: Windows | None = None
    limits: Limits | None = None
    stroke_volume_ul: float | None = None
    longest_gap_s: float | None = None
    exclude: tuple[Stretch, ...] = ()
    accept: tuple[Stretch, ...] = ()
