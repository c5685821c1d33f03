# SPDX-License-Identifier: Apache-2.0
"""What a correction plug-in is."""

from typing import Protocol

from metrology.gravimetry import Amendment, WeighedGain


class Correction(Protocol):
    """A correction of what a balance shows, such as its linearity, or buoyancy by another formula.

    It is a function of what it is given, and of nothing else: it is asked for windows, and for each sample.
    """

    @property
    def name(self) -> str:
        """Return the name that it is offered under; the bench file uses it."""
        ...

    @property
    def version(self) -> str:
        """Return which one it is; it stands in the record."""
        ...

    @property
    def replaces(self) -> str:
        """Return `buoyancy` for one that stands in its place; empty for one that comes on top, before buoyancy."""
        ...

    def amendment(self, gain: WeighedGain) -> Amendment:
        """Return what it adds to a mass between two displays, and its standard uncertainty, both in mg."""
        ...
