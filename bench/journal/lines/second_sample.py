# SPDX-License-Identifier: Apache-2.0
"""What the second measure of the flow showed beside a sample."""

from typing import ClassVar

from bench.journal.lines.line import Line, Number


class SecondSample(Line, frozen=True, kw_only=True):
    """One reading of the second measure.

    Attributes:
        infusion: id of the infusion.
        mass_g: what it showed; None for what is no number.
        stable: by its own flag.
    """

    kind: ClassVar[str] = "second-sample"

    infusion: str
    mass_g: Number | None
    stable: bool
