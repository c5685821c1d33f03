# SPDX-License-Identifier: Apache-2.0
"""What a later calibration found of the balance of a stored run, before it was adjusted.

A display that showed too much by a share of the load is corrected by it, in every sample, mark and blank; and how well
that is known takes the place of the certificate's uncertainty in every budget.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from bench.bench_file import BenchFile
from bench.journal import JournalLine
from bench.journal.lines import BlankMeasured, Mark, Sample
from groundfloor.errors import PlanError

_MOST_PERCENT = 50.0
_OF_A_MASS = ("mass_g", "slope_mg_per_h", "scatter_mg", "standard_uncertainty_mg")


@dataclass(frozen=True)
class AsFound:
    """As-found data of a balance.

    Attributes:
        error_percent: by so much of the load the display showed too much; negative for too little.
        expanded_uncertainty_mg: for the load of the vessel, k = 2; None leaves that of the certificate.

    Raises:
        PlanError: they are no such figures.
    """

    error_percent: float = 0.0
    expanded_uncertainty_mg: float | None = None

    def __post_init__(self) -> None:
        if not abs(self.error_percent) <= _MOST_PERCENT:
            seen = f"an error of {self.error_percent:g} %"
            raise PlanError("as-found data", "read", seen, f"write the error in percent, up to {_MOST_PERCENT:g}")
        u = self.expanded_uncertainty_mg
        if u is not None and not (math.isfinite(u) and u > 0):
            raise PlanError("as-found data", "read", f"U = {u:g} mg", "write U in mg, above 0")

    def bench_file(self, file: BenchFile) -> BenchFile:
        """Return the bench file as it would have been."""
        u = self.expanded_uncertainty_mg
        if u is None:
            return file
        calibration = file.balance.calibration.model_copy(update={"expanded_uncertainty_mg": u})
        return file.model_copy(update={"balance": file.balance.model_copy(update={"calibration": calibration})})

    def lines(self, lines: Iterator[JournalLine]) -> Iterator[JournalLine]:
        """Yield the lines of a journal with every mass as it was."""
        return map(self._line, lines) if self.error_percent else lines

    def blank(self, blank: BlankMeasured) -> BlankMeasured:
        """Return a blank with its masses as they were."""
        return msgspec.structs.replace(blank, masses_g=tuple(map(self._true, blank.masses_g)))

    def _line(self, line: JournalLine) -> JournalLine:
        match line.body:
            case Sample(mass_g=float(mass_g)) as sample:
                body = msgspec.structs.replace(sample, mass_g=self._true(mass_g))
                return JournalLine(line.seq, line.t_s, line.kind, None, line.offset, line.end_offset, body)
            case Mark():
                data = {**line.data, "result": self._mark(line.data["result"])}
                return JournalLine(line.seq, line.t_s, line.kind, data, line.offset, line.end_offset)
        return line

    def _mark(self, result: Mapping[str, Any]) -> dict[str, Any]:
        mass = {name: self._true(value) if name in _OF_A_MASS else value for name, value in result["mass"].items()}
        readings = {"masses_g": [self._true(one) for one in result["masses_g"]]} if "masses_g" in result else {}
        return {**result, "mass": mass, **readings}

    def _true(self, shown: float) -> float:
        return shown / (1 + self.error_percent / 100)
