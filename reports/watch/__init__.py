# SPDX-License-Identifier: Apache-2.0
"""How far a run has come, for people who look on: it is read from what the run writes, and disturbs nothing."""

from reports.watch.earlier_times import earlier_times
from reports.watch.journal_progress import JournalProgress, WatchedTest
from reports.watch.live_volume import LiveVolume
from reports.watch.time_left import TimeLeft
from reports.watch.watch_lines import beat_line, notice_line
from reports.watch.watch_page import WatchPage
from reports.watch.watch_screen import watch_screen
from reports.watch.watched_run import RunState, WatchedRun

__all__ = [
    "JournalProgress",
    "LiveVolume",
    "RunState",
    "TimeLeft",
    "WatchPage",
    "WatchedRun",
    "WatchedTest",
    "beat_line",
    "earlier_times",
    "notice_line",
    "watch_screen",
]
