# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with boluses and with what the pump logs of them; the defaults are a good pump."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BolusFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        again_after_s: each bolus is given once more so long after its end, counted; 0 for never.
        pace: how many times as fast as programmed a bolus is given; under 1 for slower.
        given_share: the part of a bolus after this share of it does not come, and is counted.
        after_share: this share of each bolus comes on top in the two hours after it.
        log_gain: volume in the log per volume of the bolus.
        lost_entry: whether the first line of the log is counted and empty.
        logged: whether an accepted bolus stands in the log.
        logged_twice: whether each request stands there twice.
        wrong_reason: whether a refusal is logged with another reason than the one that was answered.
        requested_off_s: how much later than it was asked for the log says.
        gives_refused: whether a refused patient bolus is given all the same.
        daily_maximum: whether the daily maximum is kept.
    """

    again_after_s: float = 0.0
    pace: float = 1.0
    given_share: float = 1.0
    after_share: float = 0.0
    log_gain: float = 1.0
    lost_entry: bool = False
    logged: bool = True
    logged_twice: bool = False
    wrong_reason: bool = False
    requested_off_s: float = 0.0
    gives_refused: bool = False
    daily_maximum: bool = True
