# SPDX-License-Identifier: Apache-2.0
"""Pumps that make too much of a bad link, and logs that lose their order when they are full."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_alarms, in_boluses, in_programming
from instruments.simulated.specimen.catalogue.where import (
    FULL_ALARM_LOG,
    INTERROGATED_IN_ALARM,
    LOST_ANSWER,
    MANY_EVENTS,
    MIXED_ALARM_LOG,
    NEEDLESS,
    OLD_FRAMES,
    UNPROVEN_FRAMES,
    WITHOUT_SENSOR,
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
    Defect("no_session_code_asked_for", _PUMP, "it carries out commands that show no session code", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, code_asked_for=False)),
           red(UNPROVEN_FRAMES, "PRG-002", "SCH-005", "TEL-006", pump=WITHOUT_SENSOR),
           "protocol §8: authentication of commands; a CRC is no security control"),
    Defect("any_session_code_does", _PUMP, "it takes any session code for its own, if there is one", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, any_code_does=True)),
           red(UNPROVEN_FRAMES, "PRG-002", "SCH-005", "TEL-006", pump=WITHOUT_SENSOR),
           "protocol §8: right CRC with wrong authentication is refused"),
    Defect("alarm_log_wraps_early", _PUMP, "after so many lines the alarm log begins again at its first place", 12.0,
           1.0, 15.0, in_alarms(lambda good, x: replace(good, log_lines=round(x))),
           red(FULL_ALARM_LOG, "ALM-003", "ALM-004", "TEL-007"),
           "protocol §8: the wrap of a log keeps order and the newest"),
    Defect("full_alarm_log_stands", _PUMP, "once it is full the alarm log keeps its oldest lines, and counts on", None,
           0.0, 0.0, in_alarms(lambda good, _: replace(good, full_log_stands=True)),
           red(FULL_ALARM_LOG, "ALM-001", "ALM-003", "ALM-004", "TEL-007"),
           "protocol §8: the wrap of the log keeps the newest alarms"),
    Defect("full_alarm_log_repeats", _PUMP, "once it is full the alarm log takes each alarm twice", None, 0.0, 0.0,
           in_alarms(lambda good, _: replace(good, full_log_repeats=True)),
           red(FULL_ALARM_LOG, "ALM-001", "ALM-004", "TEL-007"),
           "domain §1.1: event-log errors"),
    Defect("alarm_log_mixes_kinds_after", _PUMP,
           "after so many lines each line of the alarm log tells the kind of the alarm before it", 195.0, 1.0, 1e4,
           in_alarms(lambda good, x: replace(good, wrong_kind_after=round(x))),
           red(MIXED_ALARM_LOG, "ALM-001", "ALM-004", "REG-001", "REG-002", "REG-003", "TEL-009"),
           "protocol §8: the wrap of a log keeps order and the newest"),
    Defect("needless_command_gives_ul", _PUMP,
           "after a start while it infuses, or an acknowledge without an alarm, it gives so many µL, uncounted", 10.0,
           0.0, 1000.0, in_programming(lambda good, x: replace(good, needless_gives_ul=x)),
           red(NEEDLESS, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "TEL-008"),
           "protocol §3: the same request frame twice"),
    Defect("bolus_double_after_requests", _PUMP,
           "after so many requests in its log each bolus is given twice, the second time uncounted", 100.0, 0.0, 1e6,
           in_boluses(lambda good, x: replace(good, doubled_after=x)),
           red(MANY_EVENTS, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "SCH-006", "TEL-004"),
           "protocol §8: the wrap of a log keeps order and the newest"),
)  # fmt: skip
"""By what the link does."""
