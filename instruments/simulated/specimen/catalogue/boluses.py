# SPDX-License-Identifier: Apache-2.0
"""Boluses that are given wrongly, and logs that tell them wrongly."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_boluses
from instruments.simulated.specimen.catalogue.where import AT_HIGH_RATE, BOLUS, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_A_DAY_MIN, _A_DAY_S = 1440.0, 86400.0

BOLUSES = (
    Defect("bolus_again_after_min", _PUMP, "each bolus is given once more this many minutes later, and counted", 40.0,
           1.0, _A_DAY_MIN, in_boluses(lambda good, x: replace(good, again_after_s=60.0 * x)),
           red(BOLUS, "DEL-005", "DEL-009", "REG-003", "SCH-006"), "protocol §3: a doubled bolus"),
    Defect("bolus_too_fast", _PUMP, "a bolus is given this many times as fast", 2.0, 1.0, 100.0,
           in_boluses(lambda good, x: replace(good, pace=x)), red(BOLUS, "DEL-005", "DEL-006", "REG-003", "SCH-006")),
    Defect("bolus_too_slow", _PUMP, "a bolus is given this many times as slowly", 2.0, 1.0, 100.0,
           in_boluses(lambda good, x: replace(good, pace=1.0 / x)),
           red(BOLUS, "DEL-004", "DEL-005", "DEL-006", "REG-003", "SCH-003", "SCH-005", "SCH-006")),
    Defect("bolus_ends_early", _PUMP, "only this share of a bolus comes, and all of it is counted and logged", 0.5,
           0.0, 1.0, in_boluses(lambda good, x: replace(good, given_share=x)),
           red(BOLUS, "DEL-004", "DEL-006", "DEL-009", "SCH-003", "SCH-006"),
           "domain §5.2, 18: an interrupted dose gives a wrong amount"),
    Defect("bolus_trails", _PUMP, "this share of each bolus comes on top in the two hours after it, uncounted", 0.5,
           0.0, 100.0, in_boluses(lambda good, x: replace(good, after_share=x)),
           red(BOLUS, "SCH-006"), "domain §3.4: late delivery of a bolus"),
    Defect("bolus_log_hole", _PUMP, "a line of the bolus log is counted and empty, from before the run", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, lost_entry=True)), red(AT_HIGH_RATE, "SCH-005"),
           "domain §1.1: event-log errors"),
    Defect("bolus_log_off", _PUMP, "the log tells a volume that is greater by this fraction", 0.3, -1.0, 100.0,
           in_boluses(lambda good, x: replace(good, log_gain=1.0 + x)), red(BOLUS, "SCH-005"),
           "protocol §3: bolus history corrupted"),
    Defect("bolus_not_logged", _PUMP, "an accepted bolus is not logged", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, logged=False)), red(BOLUS, "SCH-003", "SCH-005"),
           "protocol §3: bolus history corrupted"),
    Defect("bolus_logged_twice", _PUMP, "each request for a bolus is logged twice", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, logged_twice=True)), red(BOLUS, "SCH-003", "SCH-004", "SCH-005"),
           "protocol §3: message fields against a doubled bolus"),
    Defect("bolus_wrong_reason", _PUMP, "a refusal is logged with another reason than the one that was answered", None,
           0.0, 0.0, in_boluses(lambda good, _: replace(good, wrong_reason=True)), red(BOLUS, "SCH-004", "SCH-005")),
    Defect("bolus_log_late_s", _PUMP, "the log tells requests this many seconds late", 600.0, -_A_DAY_S, _A_DAY_S,
           in_boluses(lambda good, x: replace(good, requested_off_s=x)), red(BOLUS, "SCH-005")),
    Defect("bolus_given_though_refused", _PUMP, "a refused patient bolus is given all the same", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, gives_refused=True)),
           red(BOLUS, "DEL-004", "DEL-005", "DEL-009", "REG-001", "REG-002", "REG-003", "SCH-004", "SCH-006"),
           "protocol §3: too many boluses"),
    Defect("daily_maximum_ignored", _PUMP, "patient boluses are given over the daily maximum", None, 0.0, 0.0,
           in_boluses(lambda good, _: replace(good, daily_maximum=False)), red(BOLUS, "SCH-004"),
           "protocol §3: the user forgets earlier ones"),
)  # fmt: skip
"""Of the patient's and of the single bolus alike."""
