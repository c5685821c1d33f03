# SPDX-License-Identifier: Apache-2.0
"""A balance that tells no serial number is let in, and the run tells that only the bench file says which one it is."""

from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.devices import Finding
from bench.preflight.check_state import CheckState
from bench.preflight.identity_check import IdentityCheck
from instruments.balance import BalanceIdentity
from tests.unit.test_bench_file import example, load


def finding(**told: str) -> Finding:
    who = {"model": "A&D balance", "serial_number": "", "firmware_version": "", **told}
    return Finding("balance", "TCPIP::h::1::SOCKET", BalanceIdentity(**who, capacity_g=220.0), None)


@pytest.fixture
def file(tmp_path: Path) -> BenchFile:
    return load(example(), tmp_path)


def test_no_serial_number_is_a_warning_that_goes_with_the_run(file: BenchFile) -> None:
    check = IdentityCheck(finding(), file).run()
    assert check.state is CheckState.WARN
    assert check.deviation == check.seen
    assert "tells no serial number: which one it is rests on the bench file" in check.seen


def test_a_serial_number_leaves_nothing_to_tell(file: BenchFile) -> None:
    check = IdentityCheck(finding(serial_number="B123456789"), file).run()
    assert (check.state, check.deviation) == (CheckState.OK, "")


def test_another_firmware_blocks_whether_or_not_there_is_a_serial_number(tmp_path: Path) -> None:
    content = example()
    content["balance"]["firmware_version"] = "2.0"
    check = IdentityCheck(finding(firmware_version="1.0"), load(content, tmp_path)).run()
    assert check.state is CheckState.BLOCK


def test_a_twin_is_known_by_its_model_where_no_version_is_told() -> None:
    assert finding(model="XSR205DU-twin").is_twin
    assert not finding().is_twin
