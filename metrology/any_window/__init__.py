# SPDX-License-Identifier: Apache-2.0
"""Any window of any length: how much more, or less, came than was programmed, and in which window.

envelope = Envelope.of([RateChange(0.0, 41.7), RateChange(86400.0, 0.0, late_s=13.0)])
allowed_ul = 1.145 * envelope.greatest.at(times_s)
worst = worst_window(times_s, volumes_ul - allowed_ul)      # of all n²/2 windows, in one pass
"""

from metrology.any_window.arrivals import Arrivals, strokes_show, strokes_stand_apart
from metrology.any_window.creep import Creep, CreepAllowance, find_creep
from metrology.any_window.creep_beside_strokes import find_creep_beside_strokes, readings_see_strokes
from metrology.any_window.creeping import crept_down_ul, crept_up_ul
from metrology.any_window.envelope import Envelope
from metrology.any_window.extreme import Extreme, extreme
from metrology.any_window.first_arrival import first_arrival
from metrology.any_window.good_noise import worst_of_good_factor
from metrology.any_window.hidden import Hidden, hidden
from metrology.any_window.jumps import Jump, find_jumps, odd_ul, without
from metrology.any_window.knocks import Knock, KnocksTaken, take_knocks
from metrology.any_window.maximal_windows import maximal_windows
from metrology.any_window.multiplicity import NUISANCE, upper_standard_deviation, worst_of_many_factor
from metrology.any_window.next_stroke import next_stroke_s
from metrology.any_window.pace import Pace, StrokeSize, pace, stroke_size
from metrology.any_window.quiet_time import QuietTime, quiet_time
from metrology.any_window.rate_change import RateChange
from metrology.any_window.reading_noise import noise_of_falls, reading_noise
from metrology.any_window.shaking import Shaking
from metrology.any_window.span import Span
from metrology.any_window.trumpet_limit import trumpet_limit_percent
from metrology.any_window.volume_curve import VolumeCurve
from metrology.any_window.window_uncertainty import WindowUncertainty
from metrology.any_window.worst_window import WorstWindow, worst_window

__all__ = [
    "NUISANCE",
    "Arrivals",
    "Creep",
    "CreepAllowance",
    "Envelope",
    "Extreme",
    "Hidden",
    "Jump",
    "Knock",
    "KnocksTaken",
    "Pace",
    "QuietTime",
    "RateChange",
    "Shaking",
    "Span",
    "StrokeSize",
    "VolumeCurve",
    "WindowUncertainty",
    "WorstWindow",
    "crept_down_ul",
    "crept_up_ul",
    "extreme",
    "find_creep",
    "find_creep_beside_strokes",
    "find_jumps",
    "first_arrival",
    "hidden",
    "maximal_windows",
    "next_stroke_s",
    "noise_of_falls",
    "odd_ul",
    "pace",
    "quiet_time",
    "reading_noise",
    "readings_see_strokes",
    "stroke_size",
    "strokes_show",
    "strokes_stand_apart",
    "take_knocks",
    "trumpet_limit_percent",
    "upper_standard_deviation",
    "without",
    "worst_of_good_factor",
    "worst_of_many_factor",
    "worst_window",
]
