# SPDX-License-Identifier: Apache-2.0
"""The date of bench time: a certificate counts by the calendar, and a run may go over midnight."""

from datetime import datetime, timedelta

from bench.clock.clock import Clock


def bench_date(clock: Clock, ahead_s: float = 0.0) -> datetime:
    """Return the date and time, UTC, at which the clock will have run on by `ahead_s`."""
    return clock.epoch_utc + timedelta(seconds=clock.now_s() + ahead_s)
