# SPDX-License-Identifier: Apache-2.0
"""What a bench file says of waiting: for an answer, without samples, and beside a pump that stands."""

from pydantic import Field

from groundfloor.toml_file import TomlModel


class RunLimits(TomlModel):
    """Limits of a run on this bench.

    Attributes:
        longest_gap_s: bench time without a sample after which an infusion ends; four intervals if it is left out.
        patience_s: wall time for which a reading that was not answered is asked for again.
        lead_in_s: bench time for which an infusion is sampled before its start; ten samples by default, so that their
            mean is known three times better than one of them.
        run_down_s: bench time for which it is sampled after its stop; within twenty minutes a pump that goes on shows
            at any rate but the lowest.
    """

    longest_gap_s: float | None = Field(default=None, gt=0)
    patience_s: float = Field(default=5.0, gt=0, le=600)
    lead_in_s: float = Field(default=300.0, ge=0)
    run_down_s: float = Field(default=1200.0, ge=0)
