# SPDX-License-Identifier: Apache-2.0
"""What is signed: an in-toto statement that names the record by one hash, what it holds, and who signs it as what.

The one hash is that of the bag's tag manifest, which names the manifest, which names every file. So a signature cannot
be moved to another record. The roles that have to sign stand in what is signed, so that a signature which was taken
away is missed. Each signature is a statement of its own that names the one before it: people sign on different days.
"""

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from metrology.verdict import Verdict
from reports.audit.anomaly import DEVIATION
from reports.checked_run import CheckedRun
from reports.run_verdict import RunVerdict
from reports.sealed.bundle_verifier import PREDICATE_TYPE, STATEMENT_TYPE, TAG_MANIFEST
from reports.sealed.signer import Role, Signer
from reports.software import MODIFIED

Purpose = Literal["development", "release"]
UNKNOWN = "unknown"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SealedFacts(_Model):
    """What the statement says of the record.

    Attributes:
        version: of these facts.
        purpose: `release` where the record may stand in a design history file.
        not_release: why it may not, a sentence each.
        simulated: whether any evidence comes from a twin.
        run_id, bench, profile, pump, baseline, software: what ran, with what, on what, against what.
        verdict, reason: over all tests, and why the run ended.
        not_run: tests that were to run and did not.
        required_roles: who has to sign.
        signer: who signs this statement.
        follows: SHA-256 of the statement before it; None for the first.
    """

    version: str = "1.0"
    purpose: Purpose
    not_release: tuple[str, ...]
    simulated: bool
    run_id: str
    bench: str
    profile: str
    pump: str
    baseline: str
    software: str
    verdict: RunVerdict
    reason: str
    not_run: tuple[str, ...]
    required_roles: tuple[Role, ...]
    signer: Signer
    follows: str | None = None


class Digest(_Model):
    """SHA-256 in hexadecimal."""

    sha256: str


class Resource(_Model):
    """A file of the record and its hash."""

    name: str
    digest: Digest


class TestResult(_Model):
    """The predicate of in-toto's test results, and in `record` what that has no word for."""

    result: Literal["PASSED", "WARNED", "FAILED"]
    configuration: tuple[Resource, ...]
    passed_tests: tuple[str, ...] = Field(serialization_alias="passedTests", validation_alias="passedTests")
    warned_tests: tuple[str, ...] = Field(serialization_alias="warnedTests", validation_alias="warnedTests")
    failed_tests: tuple[str, ...] = Field(serialization_alias="failedTests", validation_alias="failedTests")
    record: SealedFacts


class Statement(_Model):
    """An in-toto statement of version 1."""

    type_: str = Field(STATEMENT_TYPE, alias="_type")
    subject: tuple[Resource, ...]
    predicate_type: str = Field(PREDICATE_TYPE, alias="predicateType")
    predicate: TestResult

    @classmethod
    def first(cls, facts: SealedFacts, result: "RunResult", tag_manifest: bytes) -> "Statement":
        """Return the statement that a record is sealed with."""
        subject = Resource(name=TAG_MANIFEST, digest=Digest(sha256=hashlib.sha256(tag_manifest).hexdigest()))
        results: dict[StrEnum, Literal["PASSED", "FAILED"]] = {Verdict.PASS: "PASSED", Verdict.FAIL: "FAILED"}
        predicate = TestResult(
            result=results.get(facts.verdict, "WARNED"),
            configuration=result.inputs,
            passed_tests=result.passed,
            warned_tests=result.warned,
            failed_tests=result.failed,
            record=facts,
        )
        return cls(subject=(subject,), predicate=predicate)

    def signed_next_by(self, signer: Signer) -> "Statement":
        """Return what the next person signs: the same of the record, after this one."""
        follows = hashlib.sha256(self.to_bytes()).hexdigest()
        record = self.predicate.record.model_copy(update={"signer": signer, "follows": follows})
        return self.model_copy(update={"predicate": self.predicate.model_copy(update={"record": record})})

    def to_bytes(self) -> bytes:
        """Return the bytes that are signed."""
        return self.model_dump_json(by_alias=True).encode()


class RunResult(_Model):
    """The tests of a run by how they ended, and the files that it began with."""

    passed: tuple[str, ...]
    warned: tuple[str, ...]
    failed: tuple[str, ...]
    inputs: tuple[Resource, ...]

    @classmethod
    def of(cls, run: CheckedRun) -> "RunResult":
        """Sort the tests of a checked run."""
        ended = {Verdict.PASS: list[str](), Verdict.FAIL: list[str]()}
        warned = list(run.summary.not_run)
        for test in run.summary.tests:
            ended.get(Verdict(test.verdict), warned).append(test.node)
        opened = run.recorded.opened
        inputs = opened.inputs if opened is not None else {}
        bound = tuple(Resource(name=f"data/{name}", digest=Digest(sha256=value)) for name, value in inputs.items())
        passed, failed = tuple(ended[Verdict.PASS]), tuple(ended[Verdict.FAIL])
        return cls(passed=passed, warned=tuple(warned), failed=failed, inputs=bound)


def facts_of(run: CheckedRun, purpose: Purpose, required_roles: tuple[str, ...], signer: Signer) -> SealedFacts:
    """Return what a statement says of a checked run."""
    summary, info = run.summary, run.summary.run
    pump = info.pump if info is not None else None
    software = f"{info.software.version} {info.software.commit or ''}".strip() if info is not None else UNKNOWN
    return SealedFacts(
        purpose=purpose,
        not_release=tuple(not_for_release(run)),
        simulated=summary.simulated is not False,
        run_id=info.run_id if info is not None else UNKNOWN,
        bench=info.bench if info is not None else UNKNOWN,
        profile=info.profile if info is not None else UNKNOWN,
        pump=UNKNOWN if pump is None else f"{pump.model} {pump.serial_number}, firmware {pump.firmware_version}",
        baseline=summary.trace.baseline if summary.trace is not None else "no requirement baseline",
        software=software,
        verdict=summary.verdict,
        reason=summary.reason,
        not_run=summary.not_run,
        required_roles=required_roles,
        signer=signer,
    )


def not_for_release(run: CheckedRun) -> Iterator[str]:
    """Yield why a run is no evidence for a release, whatever its verdict."""
    summary, info = run.summary, run.summary.run
    if summary.simulated is not False:
        yield "its instruments are simulated" if summary.simulated else "it never opened a bench"
    commit = info.software.commit if info is not None else None
    if run.recorded.opened is None or not run.recorded.opened.code_sha256:
        yield "nobody knows which code made it"
    if commit is not None and commit.endswith(MODIFIED):
        yield "its software differs from the commit that it names"
    if summary.aborted:
        yield "it has no end: it was cut short, and never given up"
    if summary.invalid:
        yield f"it is INVALID: {len(summary.invalid)} results do not reconcile, for one {summary.invalid[0]}"
    settled = {one.id for one in summary.anomalies if one.dispositions}
    for one in summary.anomalies:
        if one.state == DEVIATION and one.id not in settled:
            yield f"it deviates from its protocol, and nobody decided about that: {one.id}, {one.about}"
    for trouble in summary.troubles:
        yield f"the run itself is in trouble: {trouble}"
