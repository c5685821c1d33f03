# SPDX-License-Identifier: Apache-2.0
"""Pumps that are programmed right and do another thing meanwhile, and pumps that take what they must refuse."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_programming
from instruments.simulated.specimen.catalogue.where import (
    ANOTHER_PUMP,
    HALF_A_PROGRAM,
    INTERROGATED,
    LIMITS,
    LINK_LOST,
    LOW_DOSES,
    MANY_CHANGES,
    PROGRAM_CHANGE,
    SLIPS,
    TWO_PROGRAMMERS,
    red,
)
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_MINUTE_S, _A_DAY_MIN = 60.0, 1440.0

PROGRAMMING = (
    Defect("program_change_late_min", _PUMP, "a change of program takes effect so many minutes after its answer", 30.0,
           0.0, _A_DAY_MIN, in_programming(lambda good, x: replace(good, change_late_s=x * _MINUTE_S)),
           red(PROGRAM_CHANGE, "DEL-004", "DEL-005", "DEL-006", "DEL-007", "DEL-009", "PRG-003", "REG-002", "REG-003"),
           "protocol §1: an update that is not complete"),
    Defect("program_change_pause_min", _PUMP, "at a change of program it stands for so long, and counts on", 30.0, 0.0,
           _A_DAY_MIN, in_programming(lambda good, x: replace(good, change_pauses_s=x * _MINUTE_S)),
           red(PROGRAM_CHANGE, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "PRG-003"),
           "protocol §1: an update stops the pump"),
    Defect("program_change_doubles_min", _PUMP, "after a change of program it gives both for so long, uncounted", 30.0,
           0.0, _A_DAY_MIN, in_programming(lambda good, x: replace(good, change_runs_both_s=x * _MINUTE_S)),
           red(PROGRAM_CHANGE, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "PRG-003"),
           "domain §5.2, 18: a dose that is taken up again gives a wrong amount"),
    Defect("program_change_drops_stroke", _PUMP, "a change of program forgets the stroke that was under way", None, 0.0,
           0.0, in_programming(lambda good, _: replace(good, change_drops_stroke=True)),
           red(MANY_CHANGES, "DEL-004", "DEL-006", "PRG-004", "REG-003"),
           "protocol §1: requests add up until a whole stroke is due"),
    Defect("greatest_rate_gain", _PUMP, "it takes so many times its greatest rate", 12.0, 1.0, 1e3,
           in_programming(lambda good, x: replace(good, greatest_gain=x)), red(LIMITS, "PRG-005"),
           "domain §5.2, 20: 10 entered, 100 registered"),
    Defect("least_rate_gain", _PUMP, "it takes nothing under so many times its least rate", 1.005, 0.001, 1e3,
           in_programming(lambda good, x: replace(good, least_gain=x)), red(LIMITS, "PRG-001")),
    Defect("greatest_bolus_rate_gain", _PUMP, "it takes so many times its greatest rate of a bolus", 2.0, 1.0, 1e3,
           in_programming(lambda good, x: replace(good, greatest_bolus_gain=x)), red(LIMITS, "PRG-005")),
    Defect("read_back_of_first_program", _PUMP, "it reads back the first program that was ever loaded", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, read_back_stands=True)), red(SLIPS, "PRG-009"),
           "protocol §1: what was entered is read back"),
    Defect("forgets_stroke_every_min", _PUMP, "every so many minutes it forgets the stroke that is under way", 20.0,
           0.1, _A_DAY_MIN, in_programming(lambda good, x: replace(good, forgets_stroke_every_s=x * _MINUTE_S)),
           red(LOW_DOSES, "DEL-004", "DEL-006", "DEL-009", "PRG-010", "REG-003"),
           "protocol §1: requests add up until a whole stroke is due"),
    Defect("checksum_ignored", _PUMP, "it loads a program whose checksum is wrong", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, checksum_checked=False)),
           red(HALF_A_PROGRAM, "PRG-001", "PRG-006"), "protocol §1: two processors must agree before infusion"),
    Defect("stops_silently_for_a_session", _PUMP, "a programming session that broke off leaves it stopped, silently",
           None, 0.0, 0.0, in_programming(lambda good, _: replace(good, stops_silently=True)),
           red(LINK_LOST, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "PRG-007", "REG-001", "REG-002", "REG-003"),
           "protocol §1: pumps left stopped by an incomplete update, found after 48 h"),
    Defect("takes_effect_when_written", _PUMP, "it drives what is written before that is loaded", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, takes_effect_when_staged=True)),
           red(LINK_LOST, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "PRG-007", "REG-002", "REG-003"),
           "protocol §1: an update that is not complete"),
    Defect("two_sessions_mixed", _PUMP, "of two programmers it makes one program of two halves", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, checksum_checked_once=True)),
           red(TWO_PROGRAMMERS, "PRG-008"), "protocol §1: two overdoses by wrong programming on one day"),
    Defect("takes_any_session", _PUMP, "it takes a program that a session for another pump sends", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, takes_any_session=True)), red(ANOTHER_PUMP, "PRG-012"),
           "protocol §8: a message is for one pump; its identity is a part of it"),
    Defect("interrogation_stops_min", _PUMP, "it stands for so long after an interrogation, and counts on", 20.0, 0.0,
           _A_DAY_MIN, in_programming(lambda good, x: replace(good, interrogation_stops_s=x * _MINUTE_S)),
           red(INTERROGATED, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "PRG-011"),
           "protocol §0: interrogation disturbs; a pump in telemetry mode stays stopped"),
    Defect("interrogation_alarms", _PUMP, "an interrogation raises the low-reservoir alarm", None, 0.0, 0.0,
           in_programming(lambda good, _: replace(good, interrogation_alarms=True)),
           red(INTERROGATED, "ALM-001", "PRG-011", "REG-004"),
           "protocol §0: low and empty alarms right after an interrogation"),
)  # fmt: skip
"""By what is wrong with the session."""
