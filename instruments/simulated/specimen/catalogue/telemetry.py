# SPDX-License-Identifier: Apache-2.0
"""Pumps that make too much of a bad link, and logs that lose their order when they are full."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_boluses, in_programming
from instruments.simulated.specimen.catalogue.where import (
    INTERROGATED_IN_ALARM,
    LOST_ANSWER,
    MANY_EVENTS,
    NEEDLESS,
    OLD_FRAMES,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_MINUTE_S, _A_DAY_MIN = 60.0, 1440.0

TELEMETRY = (
    Defect("start_lapses_min", _PUMP, "so many minutes after a start it stops again by itself", 15.0, 0.1, _A_DAY_MIN,
           in_programming(lambda good, x: replace(good, start_lapses_s=x * _MINUTE_S)),
           red(LOST_ANSWER, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "REG-001", "REG-002", "REG-003", "TEL-001"),
           "protocol §8: too long a time without contact changes the mode"),
    Defect("commands_repeated", _PUMP, "it carries out a command again when its number comes again", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, repeats_commands=True)),
           red(OLD_FRAMES, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "REG-001", "REG-002", "REG-003", "SCH-005",
               "TEL-002", "TEL-005"),
           "protocol §3: the same request frame twice"),
    Defect("old_numbers_taken", _PUMP, "it carries out a command whose number is older than the last one's", None, 0.0,
           0.0, in_programming(lambda good, _: replace(good, takes_old_numbers=True)),
           red(OLD_FRAMES, "CLK-002", "DEL-004", "REG-001", "REG-002", "REG-003", "SCH-005", "TEL-002", "TEL-005"),
           "protocol §8: replayed and reordered frames"),
    Defect("interrogation_clears_alarms", _PUMP, "an interrogation takes the alarms back that stand", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, interrogation_clears=True)),
           red(INTERROGATED_IN_ALARM, "ALM-003", "ALM-005", "REG-001", "TEL-003"),
           "protocol §8: interrogation at each alarm leaves rate and alarm"),
    Defect("log_wraps_wrongly", _PUMP, "once its ring is full a line of the bolus log stands one place late", None, 0.0,
           0.0, in_programming(lambda good, _: replace(good, wraps_wrongly=True)),
           red(MANY_EVENTS, "SCH-005", "TEL-004"),
           "protocol §8: the wrap of a log keeps order and the newest"),
    Defect("needless_command_gives_ul", _PUMP,
           "after a start while it infuses, or an acknowledge without an alarm, it gives so many µL, uncounted", 10.0,
           0.0, 1000.0, in_programming(lambda good, x: replace(good, needless_gives_ul=x)),
           red(NEEDLESS, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "TEL-006"),
           "protocol §3: the same request frame twice"),
    Defect("bolus_double_after_requests", _PUMP,
           "after so many requests in its log each bolus is given twice, the second time uncounted", 100.0, 0.0, 1e6,
           in_boluses(lambda good, x: replace(good, doubled_after=x)),
           red(MANY_EVENTS, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "SCH-006", "TEL-004"),
           "protocol §8: the wrap of a log keeps order and the newest"),
)  # fmt: skip
"""By what the link does."""
