# SPDX-License-Identifier: Apache-2.0
"""Who is at the bench and can be asked to do something by hand; mostly nobody is, and no run waits for nobody."""

from bench.attendance.attendant import AskedByHand, Attendant, Nobody
from bench.attendance.file_attendant import FileAttendant, answer_prompt
from bench.attendance.operator_prompt import OperatorPrompt
from bench.attendance.terminal_attendant import TerminalAttendant

__all__ = [
    "AskedByHand",
    "Attendant",
    "FileAttendant",
    "Nobody",
    "OperatorPrompt",
    "TerminalAttendant",
    "answer_prompt",
]
