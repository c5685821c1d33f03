# SPDX-License-Identifier: Apache-2.0
"""A time stamp of a sealed record: of this record, by who is trusted, and not before what it stamps."""

import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundfloor.errors import BenchFault, PlanError
from groundfloor.wall_clock import utc_now
from reports.sealed.bundle_verifier import Signature, verify
from reports.sealed.time_stamp import TimeStamp, time_stamp
from tests.sim.sealed_runs import SealedRuns
from tests.sim.test_sealed_records import key_options, pumpbench

CONFIG = """\
[req]
distinguished_name = dn
prompt = no
[dn]
CN = A laboratory's time stamps
[tsa]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[ts]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    """A time-stamping authority of one's own, made by openssl."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Authority":
        folder.mkdir()
        (folder / "own.cnf").write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        made = cls(folder)
        new = "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config own.cnf"
        made._openssl(f"{new} -x509 -days 30 -extensions ca -subj /CN=root -keyout root.key -out root.pem")
        made._openssl(f"{new} -subj /CN=stamps -keyout tsa.key -out tsa.csr")
        signing = "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30"
        made._openssl(f"{signing} -extfile own.cnf -extensions tsa -out tsa.pem")
        return made

    def _openssl(self, words: str) -> None:
        ended = subprocess.run(
            ["openssl", *words.split()], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def stamped(self, path: Path, hashed: str = "sha256") -> Path:
        query, reply = self.folder / f"{path.name}.tsq", self.folder / f"{path.name}-{hashed}.tsr"
        self._openssl(f"ts -query -data {path} -{hashed} -cert -out {query}")
        self._openssl(f"ts -reply -config own.cnf -section own -queryfile {query} -out {reply}")
        return reply


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> SealedRuns:
    return SealedRuns.make(tmp_path_factory.mktemp("sealed"))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("tsa") / "own")


@pytest.mark.parametrize(
    ("stamped", "hashed"),
    [
        ("signatures/02-reviewer.sig", "sha256"), ("signatures/01-tester.sig", "sha512"),
        ("tagmanifest-sha256.txt", "sha256"),
    ],
)  # fmt: skip
def test_a_time_stamp_says_of_what_it_is_and_when(
    runs: SealedRuns, authority: Authority, stamped: str, hashed: str
) -> None:
    before = utc_now().replace(microsecond=0)
    stamp = time_stamp(
        authority.stamped(runs.first / stamped, hashed), [authority.root], runs.first, verify(runs.first).signatures
    )
    assert (stamp.of, stamp.policy) == (stamped, "1.2.3.4.1")
    assert before <= stamp.at <= utc_now()


def test_the_command_tells_a_time_stamp_and_refuses_one_of_another_record(
    runs: SealedRuns, authority: Authority
) -> None:
    own = authority.stamped(runs.first / "signatures" / "02-reviewer.sig")
    words = ["verify", runs.first, *key_options(runs), f"--tsa={authority.root}"]
    code, printed = pumpbench(*words, f"--timestamp={own}")
    assert (code, "stamped  signatures/02-reviewer.sig at 20" in printed) == (0, True), printed
    other = authority.stamped(runs.other / "signatures" / "01-tester.sig")
    code, printed = pumpbench(*words, f"--timestamp={other}")
    assert (code, "is none of signatures/01-tester.sig" in printed) == (3, True), printed


def test_a_time_stamp_by_a_stranger_changed_or_without_a_trusted_authority_is_refused(
    runs: SealedRuns, authority: Authority, tmp_path: Path
) -> None:
    stranger = Authority.make(tmp_path / "stranger")
    signatures = verify(runs.first).signatures
    reply = authority.stamped(runs.first / "signatures" / "02-reviewer.sig")
    with pytest.raises(BenchFault, match="not by who is trusted"):
        time_stamp(reply, [stranger.root], runs.first, signatures)
    with pytest.raises(PlanError, match="no certificate of an authority is given"):
        time_stamp(reply, [], runs.first, signatures)
    content = bytearray(reply.read_bytes())
    content[-10] ^= 1  # in the signature, which ends it
    (tmp_path / "changed.tsr").write_bytes(content)
    with pytest.raises(BenchFault, match="not by who is trusted"):
        time_stamp(tmp_path / "changed.tsr", [authority.root], runs.first, signatures)
    (tmp_path / "text.tsr").write_text("hello")
    with pytest.raises(BenchFault, match="it is none"):
        time_stamp(tmp_path / "text.tsr", [authority.root], runs.first, signatures)


def test_a_signature_that_says_it_came_after_its_time_stamp_is_named() -> None:
    at = datetime.fromisoformat("2027-01-01T12:00:00+00:00")

    def signed(instant: datetime) -> list[Signature]:
        record = {"signer": {"signed_at": instant.isoformat()}}
        return [Signature(1, "tester", {"predicate": {"record": record}}, b"", "", trusted=True)]

    stamp = TimeStamp("signatures/01-tester.sig", at, "1.2.3")
    assert list(stamp.contradictions(signed(at - timedelta(days=1)))) == []
    assert list(stamp.contradictions(signed(at + timedelta(minutes=1)))) == []  # computers of their own
    (seen,) = stamp.contradictions(signed(at + timedelta(hours=1)))
    assert "says that it was made at 2027-01-01T13:00:00+00:00" in seen
