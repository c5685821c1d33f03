# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with boluses and with what the pump logs of them; the defaults are a good pump."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class BolusFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        again_after_s: each bolus is given once more so long after its end, counted; 0 for never.
        pace: how many times as fast as programmed a bolus is given; under 1 for slower.
        given_share: the part of a bolus after this share of it does not come, and is counted.
        large_given_share: the same of boluses over 100 µL.
        after_share: this share of each bolus comes on top in the two hours after it.
        log_gain: volume in the log per volume of the bolus.
        lost_entry: whether the first line of the log is counted and empty.
        logged: whether an accepted bolus stands in the log.
        logged_twice: whether each request stands there twice.
        wrong_reason: whether a refusal is logged with another reason than the one that was answered.
        requested_off_s: how much later than it was asked for the log says.
        gives_refused: whether a refused patient bolus is given all the same.
        daily_maximum: whether the daily maximum is kept.
        calendar_day: whether the daily maximum counts from midnight, and not in any 24 hours.
        lockout_short_s: by how much the lockout ends early.
        forgets_at_stop: whether a stop ends the lockout, and the count of the day with it.
        refusals_logged: whether a refused request stands in the log.
        counts_refused: whether a request that is refused for the lockout counts for the maximum of a day.
        again_over_midnight: whether a bolus that runs over midnight is given once more after it, uncounted.
        doubled_after: after so many requests in its log each bolus is given twice, the second time uncounted.
        second_gain: how many times its volume the second patient bolus gives, in the same time, and counts.
        keeps_to_greatest_rate: whether basal rate and patient bolus together stay under the pump's greatest rate.
        rest_at_start: whether a start gives the rest of a bolus that was cut short.
        resumed: whether a start takes up a bolus that was cut short, and its line in the log tells of all of it.
        anew_at_start: whether a start gives a bolus that was cut short once more in full.
        refused_at_start: whether a start gives the bolus that was refused while the pump stood.
        tenth_gain: how many times its volume every tenth single bolus gives, in the same time, and counts.
        anew_at_once: whether a single bolus that is asked for while one runs begins anew.
        button_bounces: whether one press of the patient's button is taken for two requests.
        most_in_life: so many patient boluses it gives, and no more; each after them is over the daily maximum.
    """

    again_after_s: float = 0.0
    pace: float = 1.0
    given_share: float = 1.0
    large_given_share: float = 1.0
    after_share: float = 0.0
    log_gain: float = 1.0
    lost_entry: bool = False
    logged: bool = True
    logged_twice: bool = False
    wrong_reason: bool = False
    requested_off_s: float = 0.0
    gives_refused: bool = False
    daily_maximum: bool = True
    calendar_day: bool = False
    doubled_after: float = math.inf
    counts_refused: bool = False
    again_over_midnight: bool = False
    lockout_short_s: float = 0.0
    forgets_at_stop: bool = False
    refusals_logged: bool = True
    second_gain: float = 1.0
    keeps_to_greatest_rate: bool = True
    rest_at_start: bool = False
    resumed: bool = False
    anew_at_start: bool = False
    refused_at_start: bool = False
    tenth_gain: float = 1.0
    anew_at_once: bool = False
    button_bounces: bool = False
    most_in_life: float = math.inf
