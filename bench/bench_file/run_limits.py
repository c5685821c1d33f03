# SPDX-License-Identifier: Apache-2.0
"""What a bench file says of patience: how long a run waits for an answer, and how long it goes on without samples."""

from pydantic import Field

from groundfloor.toml_file import TomlModel


class RunLimits(TomlModel):
    """Limits of a run on this bench.

    Attributes:
        longest_gap_s: bench time without a sample after which an infusion ends; four intervals if it is left out.
        patience_s: wall time for which a reading that was not answered is asked for again.
    """

    longest_gap_s: float | None = Field(default=None, gt=0)
    patience_s: float = Field(default=5.0, gt=0, le=600)
