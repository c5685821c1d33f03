# SPDX-License-Identifier: Apache-2.0
"""The program in force, read while the pump was infusing: a line that comes by itself, and that nobody is told of.

People are told of what came of it, by the judgement.
"""

from typing import ClassVar

from bench.journal.lines.line import LineOfTest


class ProgramReadBack(LineOfTest, frozen=True, kw_only=True):
    """One reading.

    Attributes:
        differences: what of the program in force is not as it was loaded, a phrase each.
    """

    kind: ClassVar[str] = "program-read-back"

    differences: tuple[str, ...] = ()
