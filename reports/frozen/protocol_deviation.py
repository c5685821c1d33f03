# SPDX-License-Identifier: Apache-2.0
"""Where a run differs from the protocol that was frozen before it, as the summary tells it."""

from pydantic import BaseModel, ConfigDict

from reports.run_verdict import RunVerdict


class ProtocolDeviation(BaseModel):
    """One difference.

    Attributes:
        kind: such as `test left out`, `limit`, `bench`.
        what: the difference, in a sentence.
        touches: node ids of the tests that it touches; all of the run where it is about the run as a whole.
        planned: whether the protocol said beforehand that it would be so.
        by, at, why: who planned it, when, and why; empty for one that nobody planned.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    what: str
    touches: tuple[str, ...]
    planned: bool = False
    by: str = ""
    at: str = ""
    why: str = ""

    def __str__(self) -> str:
        planned = f"planned by {self.by}, {self.at}: {self.why}" if self.planned else "not planned"
        return f"{self.kind}: {self.what} ({planned})"


class ProtocolRecord(BaseModel):
    """A run against its frozen protocol.

    Attributes:
        sha256: of the protocol's file, which the journal's first line binds.
        title: what people call the pump.
        signed_by, role, signed_at, key_id: who froze it.
        planned_tests: how many tests it has.
        deviations: in the order of the protocol.
        touched: how many tests of the run any of them touches.
        verdict: of the tests of the run, all together.
        verdict_untouched: of those that no deviation touches; UNSET where there is none.
    """

    model_config = ConfigDict(frozen=True)

    sha256: str
    title: str
    signed_by: str
    role: str
    signed_at: str
    key_id: str
    planned_tests: int
    deviations: tuple[ProtocolDeviation, ...] = ()
    touched: int = 0
    verdict: RunVerdict
    verdict_untouched: RunVerdict

    @property
    def unplanned(self) -> tuple[ProtocolDeviation, ...]:
        """Return the deviations that nobody planned."""
        return tuple(one for one in self.deviations if not one.planned)
