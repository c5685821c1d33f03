# SPDX-License-Identifier: Apache-2.0
"""What of a run somebody has to decide about: each FAIL, each INCONCLUSIVE, each result that is missing.

An anomaly has the id of what it is about, so that it stays the same however often it is looked at. What people decide
stands beside the result, and never changes it.
"""

from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from bench.recorded import RecordedRun
from metrology.verdict import Verdict
from reports.entry import Entry

OPEN = (Verdict.FAIL, Verdict.INCONCLUSIVE)
INVALID, DEVIATION = "INVALID", "DEVIATION"


class Disposition(BaseModel):
    """What somebody decided, and signed.

    Attributes:
        number: of the entry in the audit trail.
        disposition: what is to become of it, in a few words.
        why: the reason.
        by, role, at: who decided, as what, and when (UTC).
        key_id: of the key that signed it.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    disposition: str
    why: str
    by: str
    role: str
    at: str
    key_id: str


class Anomaly(BaseModel):
    """Something that did not end well.

    Attributes:
        id: `A-` and the id of the judgement or the test in the journal; `A-I-…` of what makes the run INVALID, `A-D-…`
            of a deviation from the frozen protocol.
        state: FAIL, INCONCLUSIVE, INVALID or DEVIATION.
        test: node id of the test; empty where it is about none.
        about: what it is, in a sentence.
        dispositions: what was decided, the newest last.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    state: str
    test: str
    about: str
    dispositions: tuple[Disposition, ...] = ()


class AuditRecord(BaseModel):
    """The audit trail of a run in short.

    Attributes:
        entries: how many there are.
        head_sha256: of the last one, which names the one before, and so on.
        reviews: who has reviewed the entries before, and when.
    """

    model_config = ConfigDict(frozen=True)

    entries: int
    head_sha256: str
    reviews: tuple[Disposition, ...] = ()


def anomalies_of(
    recorded: RecordedRun, tests: Sequence[Entry], invalid: Iterable[tuple[str, str]], deviations: Iterable[str] = ()
) -> tuple[Anomaly, ...]:
    """Return the anomalies of a run, in the order of its journal.

    Args:
        recorded: its journal.
        tests: the same as the summary has them.
        invalid: of each result that does not reconcile, the test and why.
        deviations: from the frozen protocol, a sentence each.
    """
    found = [one for test, entry in zip(recorded.tests, tests, strict=True) for one in _of_test(test.started.id, entry)]
    found += [
        Anomaly(id=f"A-I-{number:04d}", state=INVALID, test=node, about=why)
        for number, (node, why) in enumerate(invalid, 1)
    ]
    found += [
        Anomaly(id=f"A-D-{number:04d}", state=DEVIATION, test="", about=about)
        for number, about in enumerate(deviations, 1)
    ]
    return tuple(found)


def _of_test(own: str, entry: Entry) -> Iterator[Anomaly]:
    judged = [one for one in entry.values if one.verdict in OPEN and one.id]
    for one in judged:
        yield Anomaly(id=f"A-{one.id}", state=one.verdict.name, test=entry.node, about=f"{one.name}: {one.reason}")
    if entry.verdict in OPEN and own and entry.verdict not in [one.verdict for one in judged]:
        yield Anomaly(id=f"A-{own}", state=entry.verdict.name, test=entry.node, about=entry.reason)
