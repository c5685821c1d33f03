# SPDX-License-Identifier: Apache-2.0
"""What a pump's programmer takes the dead volume of the pump's own tubing for; not every pump tells it."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class TubingVolume(Protocol):
    """A pump that tells it."""

    def tubing_volume_ul(self) -> float | None:
        """Return the volume in µL; None where the pump does not tell.

        Raises:
            BenchFault: the pump does not answer.
        """
        ...


def tubing_volume_ul(pump: object) -> float | None:
    """Return what a pump tells of its tubing, if driver and pump can; arguments and errors as `TubingVolume`."""
    return pump.tubing_volume_ul() if isinstance(pump, TubingVolume) else None
