# SPDX-License-Identifier: Apache-2.0
"""A correction of a lab's own: one more link in the chain from mass to volume, or another one in place of buoyancy.

Both chains ask it: that of a window, with its budget, and that of each sample, which windows of any length rest on.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Protocol

from groundfloor.errors import PlanError
from metrology.gravimetry.amendment import Amendment
from metrology.gravimetry.weighed_gain import WeighedGain
from metrology.uncertainty import Influence

BUOYANCY = "buoyancy"
REPLACEABLE = ("", BUOYANCY)
"""What a correction may stand in place of; the empty word is nothing: it comes on top, before buoyancy."""


class LabCorrection(Protocol):
    """A correction, and which one it is."""

    @property
    def name(self) -> str:
        """Return how the bench file calls it."""
        ...

    @property
    def version(self) -> str:
        """Return which one it is, in its author's words."""
        ...

    @property
    def sha256(self) -> str:
        """Return the hash of its code."""
        ...

    @property
    def replaces(self) -> str:
        """Return one of `REPLACEABLE`."""
        ...

    def amendment(self, gain: WeighedGain) -> Amendment:
        """Return what it adds, in mg, and how sure that is."""
        ...


@dataclass(frozen=True)
class AppliedCorrection:
    """What a correction did to one volume; as a `LabCorrection` it does the same again.

    Attributes:
        name, version, sha256, replaces: of the correction.
        added_mg, standard_uncertainty_mg: of its `Amendment`.
    """

    name: str
    version: str
    sha256: str
    replaces: str
    added_mg: float
    standard_uncertainty_mg: float

    @classmethod
    def of(cls, correction: LabCorrection, gain: WeighedGain) -> "AppliedCorrection":
        """Ask a correction."""
        own = correction.name, correction.version, correction.sha256, correction.replaces
        amendment = correction.amendment(gain)
        return cls(*own, amendment.added_mg, amendment.standard_uncertainty_mg)

    def amendment(self, gain: WeighedGain) -> Amendment:  # noqa: ARG002  # it is a figure by now
        """Return what it added."""
        return Amendment(self.added_mg, self.standard_uncertainty_mg)

    @property
    def influence(self) -> Influence:
        """Return how far it may be off, in mg."""
        return Influence.type_b(f"correction {self.name}", 0.0, "mg", self.standard_uncertainty_mg)

    def as_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return asdict(self)


def refuse_contradicting(corrections: Iterable[LabCorrection]) -> None:
    """Refuse corrections that cannot stand in one chain.

    Raises:
        PlanError: two have one name, two replace the same link, or one replaces a link that cannot be replaced.
    """
    names, replaced = set[str](), set[str]()
    for one in corrections:
        asset = f"correction {one.name!r}"
        if one.replaces not in REPLACEABLE:
            next_step = f"let replaces be {BUOYANCY!r}, or empty: then it comes on top"
            raise PlanError(asset, "put it into the chain", f"it replaces {one.replaces!r}", next_step)
        if one.name in names:
            raise PlanError(asset, "put it into the chain", "it stands there twice", "name it once")
        if one.replaces and one.replaces in replaced:
            seen = f"another one replaces {one.replaces} as well"
            raise PlanError(asset, "put it into the chain", seen, "name one of them")
        names.add(one.name)
        replaced.add(one.replaces)
