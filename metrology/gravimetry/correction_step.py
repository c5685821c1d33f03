# SPDX-License-Identifier: Apache-2.0
"""One link of the chain from displayed mass to volume."""

from dataclasses import asdict, dataclass

STEPS = ("tare", "drift", "evaporation", "buoyancy", "density", "submerged tube")
"""All links, in their one order."""


@dataclass(frozen=True)
class CorrectionStep:
    """What one correction did: `before` and `after` in `unit`; a step that was switched off has both alike."""

    name: str
    before: float
    after: float
    unit: str
    applied: bool

    def as_dict(self) -> dict[str, object]:
        """Return the step for JSON."""
        return asdict(self)
