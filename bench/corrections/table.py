# SPDX-License-Identifier: Apache-2.0
"""The table of corrections: whatever a lab offers; pumpbench's own are no plug-ins, and always made."""

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from bench.bench_file import BenchFile
from bench.corrections.correction import Correction
from bench.corrections.whole_column import IF_NAN, Floats, WholeColumn, with_uncertainty
from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind, Offer, PlugInTable, together
from groundfloor.plug_ins.guarded import COMPUTES, guarded
from groundfloor.plug_ins.verbs import refuse_missing_verbs
from metrology.gravimetry import REPLACEABLE, Amendment, WeighedGain, WeighedGains
from metrology.gravimetry.lab_correction import refuse_contradicting

LONGEST_S = 5.0
"""It is asked for every sample."""
COLUMN_LONGEST_S = 600.0
"""For a month of readings, asked one by one."""


@dataclass(frozen=True)
class LoadedCorrection:
    """A correction of a plug-in, whose answers are looked at; a `metrology.gravimetry.LabCorrection`.

    Attributes:
        name, version, replaces: as it says.
        sha256: of the files that its code stands in.
        told: what it is called in an error.
        inner: the plug-in, guarded.
        column: the plug-in as it is asked about whole columns, guarded.
    """

    name: str
    version: str
    replaces: str
    sha256: str
    told: str
    inner: Correction = field(repr=False, compare=False)
    column: WholeColumn = field(repr=False, compare=False)

    def amendment(self, gain: WeighedGain) -> Amendment:
        """Return what it adds.

        Raises:
            BenchFault: it raises, hangs, or what it returns is no value with an uncertainty.
        """
        return with_uncertainty(self.told, self.inner.amendment(gain))

    def added_mg(self, gains: WeighedGains) -> Floats:
        """Return what it adds to each gain, in mg; of columns, for a recording that is there already.

        Raises:
            BenchFault: it raises, hangs, or returns something else.
        """
        return self.column.added_mg(gains)

    @property
    def at_once(self) -> bool:
        """Tell whether it takes a whole column; otherwise it is asked once for each reading."""
        return self.column.at_once


def accepted_correction(offer: Offer, found: object) -> LoadedCorrection:
    """Return a correction that a plug-in offers under its own name.

    Raises:
        PlanError: it is none, calls itself otherwise, or says nothing of its version.
    """
    refuse_missing_verbs(offer, found, Correction)
    inner: Correction = guarded(found, offer.told, Correction, limit_s=LONGEST_S, if_nan=IF_NAN, if_late=COMPUTES)
    name, version, replaces = inner.name, inner.version, inner.replaces
    if name != offer.name:
        next_step = "let its name be the one that it is offered under"
        raise PlanError(offer.told, "check", f"it calls itself {name!r}", next_step)
    if not isinstance(version, str) or not version.strip():
        raise PlanError(offer.told, "check", f"its version is {version!r}", 'say which one it is: version = "1.0"')
    if replaces not in REPLACEABLE:
        seen = f"it replaces {replaces!r}"
        raise PlanError(offer.told, "check", seen, f"let replaces be one of {', '.join(map(repr, REPLACEABLE))}")
    whole = WholeColumn(cast(Correction, found), offer.told)
    column: WholeColumn = guarded(whole, offer.told, WholeColumn, COLUMN_LONGEST_S, if_late=COMPUTES)
    return LoadedCorrection(name, version, replaces, _sha256(offer), offer.told, inner, column)


def _sha256(offer: Offer) -> str:
    """Return a hash of all files that the plug-in's code stands in, by their names and contents."""
    found = hashlib.sha256()
    for name, path in sorted(together([offer]).items()):
        found.update(f"{name}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


CORRECTIONS: Mapping[str, LoadedCorrection] = PlugInTable(Kind.CORRECTION, {}, accepted_correction)
"""By name."""


def corrections_of(file: BenchFile) -> tuple[LoadedCorrection, ...]:
    """Return the corrections that a bench file names, in its order; their code is run now.

    Raises:
        PlanError: there is none of a name, it is not fit to be used, or two contradict each other.
    """
    return corrections_named(file.weighing.corrections)


def corrections_named(names: Iterable[str]) -> tuple[LoadedCorrection, ...]:
    """Return corrections in the order in which they are named; their code is run now.

    Raises:
        PlanError: as `corrections_of`.
    """
    found = tuple(_named(one) for one in names)
    refuse_contradicting(found)
    return found


def _named(name: str) -> LoadedCorrection:
    if name not in CORRECTIONS:
        close = difflib.get_close_matches(name, CORRECTIONS, n=1)
        known = f"there is: {', '.join(CORRECTIONS)}" if len(CORRECTIONS) else "no plug-in offers one"
        hint = f"did you mean {close[0]!r}?" if close else f"{known}; add it to [plugins.correction] of pumpbench.toml"
        raise PlanError(f"correction {name!r}", "look up", "there is none of this name", hint)
    return CORRECTIONS[name]
