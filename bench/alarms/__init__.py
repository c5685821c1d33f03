# SPDX-License-Identifier: Apache-2.0
"""Alarms: heard, told apart from those of before, and how long they took from their cause."""

from bench.alarms.alarm_observation import AlarmObservation
from bench.alarms.alarm_watch import AlarmWatch
from bench.alarms.cause import Cause
from bench.alarms.heard_sound import HeardSound, HeardSounds
from bench.alarms.logged_alarm import LoggedAlarm

__all__ = ["AlarmObservation", "AlarmWatch", "Cause", "HeardSound", "HeardSounds", "LoggedAlarm"]
