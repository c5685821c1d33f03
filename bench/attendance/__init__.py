# SPDX-License-Identifier: Apache-2.0
"""Who is at the bench and can be asked to do something by hand; mostly nobody is, and no run waits for nobody."""

from bench.attendance.attendant import Attendant, Nobody
from bench.attendance.terminal_attendant import TerminalAttendant

__all__ = ["Attendant", "Nobody", "TerminalAttendant"]
