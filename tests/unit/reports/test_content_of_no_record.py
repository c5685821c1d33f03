# SPDX-License-Identifier: Apache-2.0
"""What no run writes is told as what it is, in whichever file it stands: too deep, of other types, hours to parse."""

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from groundfloor.errors import BenchFault
from reports.audit.audit_trail import AuditTrail
from reports.library.run_library import _Index
from reports.sealed.bundle_verifier import input_contradiction, trusted_keys
from reports.why.answer import answer_for

DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"\n"
DOTS = b"a" + b".a" * 100_000 + b" = 1\n"


def test_an_audit_trail_of_objects_in_objects_was_changed(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_bytes(b"{}\n")
    (tmp_path / "audit.jsonl").write_bytes(DEEP)
    with pytest.raises(BenchFault, match="line 1: it was changed: lists and objects stand too deep in each other"):
        AuditTrail.read(tmp_path)


def test_an_index_of_runs_that_nests_too_deep_is_made_anew(tmp_path: Path) -> None:
    index = _Index(tmp_path, tmp_path)
    (tmp_path / index._name).write_bytes(DEEP)
    assert index.read() == {}


@pytest.mark.parametrize("junk", [b"= 1", b"\xff", b"a = " + b"[" * 100_000])
def test_a_bench_file_that_is_no_toml_is_compared_as_it_is(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "bench.toml").write_bytes(junk)
    assert input_contradiction(tmp_path, "bench.toml", "0" * 64).startswith("it is not what the run began with")


def test_a_bench_file_with_a_key_of_many_parts_holds_no_verifier_up(tmp_path: Path) -> None:
    (tmp_path / "bench.toml").write_bytes(DOTS)
    began_s = time.monotonic()
    assert input_contradiction(tmp_path, "bench.toml", hashlib.sha256(DOTS).hexdigest()) == ""
    assert input_contradiction(tmp_path, "bench.toml", "0" * 64).startswith("it is not what the run began with")
    assert time.monotonic() - began_s < 5.0


@pytest.mark.parametrize("inputs", [{"profile.toml": None}, {"profile.toml": 2**63}, [1], "text"])
def test_a_number_that_rests_on_inputs_of_other_types_is_not_explained(tmp_path: Path, inputs: object) -> None:
    (tmp_path / "profile.toml").write_text("", encoding="utf-8")
    said = [("journal-opened", {"inputs": inputs}), ("judgement", {"id": "J-0001", "name": "a", "verdict": "PASS"})]
    lines = [{"seq": number, "t": 0.0, "kind": kind, "data": data} for number, (kind, data) in enumerate(said)]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (tmp_path / "journal.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(BenchFault, match="explain J-0001: what it rests on has not the form of a record"):
        answer_for(tmp_path, "J-0001")


def test_a_pipe_in_the_place_of_a_public_key_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key.pub")
    with pytest.raises(ValueError, match=r"the key .*key\.pub: key\.pub is no file"):
        trusted_keys([f"me={tmp_path / 'key.pub'}"])
