# SPDX-License-Identifier: Apache-2.0
"""A verification protocol as data: hashed and signed before the first sample, so that a run can be held against it."""

import hashlib
import json
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from groundfloor.errors import PlanError
from groundfloor.regular_file import read_regular
from reports.sealed.bundle_verifier import PROTOCOL_TYPE, enclosed
from reports.sealed.signed_envelope import signed_envelope
from reports.sealed.signer import Signer, Words
from reports.sealed.signing_key import SigningKey

MOST_BYTES = 1 << 26
MOST_MISFITS = 5
SCHEMA: Literal["pumpbench-frozen-protocol"] = "pumpbench-frozen-protocol"
VERSION: Literal["1.0"] = "1.0"
NEXT = "name a file that `pumpbench protocol --freeze` wrote"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FrozenJudgement(_Model):
    """What a test is going to judge, and by what; fields as those of the journal's `judgement-declared`."""

    name: str
    measurand: str
    requirements: tuple[str, ...]
    lower: float | None
    upper: float | None
    unit: str
    relative_to: str
    limits_source: str
    rule: str
    times: int | None


class FrozenTest(_Model):
    """A test for one set of its parameters.

    Attributes:
        node: pytest's node id.
        chapter: of the protocol.
        applicable: whether the pump promises what it is about.
        judges: what it is going to judge; empty where it does not apply.
    """

    node: str
    chapter: str
    applicable: bool
    judges: tuple[FrozenJudgement, ...]


class PlannedDeviation(_Model):
    """Something that is known beforehand to be otherwise than planned.

    Attributes:
        kind: as a run is going to tell it, such as `test left out` or `bench`.
        touches: node ids of the tests that it touches, or patterns such as `test_plans/test_endurance.py::*`.
        by: who decided.
        at: when, as a date or an instant.
        why: the reason.
    """

    kind: Words
    touches: tuple[str, ...] = Field(min_length=1)
    by: Words
    at: Words
    why: Words


class FrozenProtocol(_Model):
    """All that is frozen.

    Attributes:
        schema_name, version: of this form.
        protocol_sha256: of what the protocol says, as its last line shows it.
        protocol: what it says: methods, acceptance, sample sizes with their reason, requirements, capability.
        title, profile, bench, baseline: names.
        firmware: what the pump has to say; empty where any firmware may be tested.
        tests: in their order.
        inputs: SHA-256 of the files that a run of it begins with, by their path in the run folder.
        texts: what profile and bench file say, so that a difference can be named.
        code_sha256: of the bench's own packages.
        planned_deviations: what is known beforehand to be otherwise.
        signer: who froze it.
    """

    schema_name: Literal["pumpbench-frozen-protocol"] = SCHEMA
    version: Literal["1.0"] = VERSION
    protocol_sha256: str
    protocol: dict[str, Any]
    title: str
    profile: str
    bench: str
    baseline: str
    firmware: str
    tests: tuple[FrozenTest, ...]
    inputs: dict[str, str]
    texts: dict[str, str]
    code_sha256: str
    planned_deviations: tuple[PlannedDeviation, ...]
    signer: Signer

    def write(self, path: Path, key: SigningKey) -> None:
        """Sign it into a new file.

        Raises:
            PlanError: the file is there already, or cannot be written.
            BenchFault: the token does not sign.
        """
        content = signed_envelope(self.model_dump_json().encode(), PROTOCOL_TYPE, key)
        try:
            with path.open("xb") as file:
                file.write(content)
        except OSError as refused:
            next_step = "name another file: a frozen protocol is not written over"
            raise PlanError(f"protocol {path}", "write", str(refused), next_step) from refused


class SignedProtocol(_Model):
    """A frozen protocol as it was read from its file.

    Attributes:
        frozen: what it says.
        key_id: of the key that signed it.
        sha256: of the file.
    """

    frozen: FrozenProtocol
    key_id: str
    sha256: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a frozen protocol and verify its signature.

        Raises:
            PlanError: it cannot be read, is none, is of another version, or was changed after it was signed.
        """
        try:
            content = read_regular(path, MOST_BYTES)
        except OSError as odd:
            raise PlanError(f"protocol {path}", "read", str(odd), NEXT) from odd
        try:
            said, own = enclosed(content, PROTOCOL_TYPE)
        except (ValueError, RecursionError) as odd:
            raise PlanError(f"protocol {path}", "verify", str(odd), NEXT) from odd
        told = (said.get("schema_name"), said.get("version")) if isinstance(said, dict) else (None, None)
        if told != (SCHEMA, VERSION):
            seen = f"it is {told[0] or 'something'} of version {told[1]}, this version reads {VERSION}"
            raise PlanError(f"protocol {path}", "read", seen, "freeze it again with this version")
        try:
            frozen = FrozenProtocol.model_validate_json(json.dumps(said))
        except ValidationError as odd:
            seen = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in odd.errors()[:MOST_MISFITS])
            raise PlanError(f"protocol {path}", "read", seen, NEXT) from odd
        return cls(frozen=frozen, key_id=own, sha256=hashlib.sha256(content).hexdigest())
