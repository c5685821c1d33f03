# SPDX-License-Identifier: Apache-2.0
"""Who is at the bench and can be asked to do something by hand; mostly nobody is, and no run waits for nobody."""

from bench.attendance.attendant import AskedByHand, Attendant, Nobody
from bench.attendance.file_attendant import PAGE, FileAttendant, Prompt, answer_prompt, prompt_in
from bench.attendance.operator_prompt import OperatorPrompt
from bench.attendance.terminal_attendant import TerminalAttendant

__all__ = [
    "PAGE",
    "AskedByHand",
    "Attendant",
    "FileAttendant",
    "Nobody",
    "OperatorPrompt",
    "Prompt",
    "TerminalAttendant",
    "answer_prompt",
    "prompt_in",
]
