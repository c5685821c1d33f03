# SPDX-License-Identifier: Apache-2.0
"""Pipes, devices and endless files in the places of ours end in an error at once, and never in waiting."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.collected_tests import CollectedTests
from bench.journal import read_lines
from bench.lease.lease_store import LeaseStore
from bench.profile import Profile
from bench.run import input_hashes
from bench.run_process import goes_on, take_request
from bench.trace import Requirements
from groundfloor.errors import BenchFault, PlanError
from groundfloor.regular_file import read_regular
from groundfloor.toml_file import MOST_DOTS
from reports.summary import Summary

pytestmark = pytest.mark.timeout(20)
"""Who waits for a pipe waits for ever."""


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 33)  # sparse: it takes no room


def folder(path: Path) -> None:
    path.mkdir()


KINDS = [pipe, device, endless, folder]
READERS: dict[str, Callable[[Path], object]] = {
    "bench.toml": BenchFile.load,
    "profile.toml": Profile.load,
    "requirements.toml": Requirements.load,
    "collected.json": CollectedTests.read,
    "summary.json": Summary.load,
    "journal.jsonl": lambda path: list(read_lines(path)),
}


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", READERS)
def test_what_stands_in_the_place_of_a_file_is_refused(tmp_path: Path, name: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / name)
    with pytest.raises((BenchFault, PlanError)):
        READERS[name](tmp_path / name)


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_no_run_goes_on_and_nothing_is_asked_where_pid_and_request_are_none(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    for name in ("run.pid", "run.request"):
        make(tmp_path / name)
    assert not goes_on(tmp_path)
    assert take_request(tmp_path) is None


@pytest.mark.parametrize("make", [pipe, device, endless], ids=lambda make: make.__name__)
def test_a_lease_that_is_no_file_ends_in_an_error(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "rig-1.json")
    with pytest.raises(BenchFault):
        LeaseStore("rig-1", tmp_path).describe()


def test_an_input_that_is_a_pipe_is_no_input(tmp_path: Path) -> None:
    pipe(tmp_path / "bench.toml")
    assert input_hashes(tmp_path) == {}


@pytest.mark.parametrize(
    "line", ["a." * 100_000 + "a = 1", "[" + "a." * 100_000 + "a]", "x = { " + "a." * 9999 + "a = 1 }"]
)
def test_a_key_of_very_many_parts_is_refused_before_it_is_parsed(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bench.toml"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(PlanError, match=f"line 1 has more than {MOST_DOTS} dots"):
        BenchFile.load(path)


def test_a_file_may_be_as_long_as_it_is_allowed_to_and_no_longer(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_regular(path, 5) == b"12345"
    with pytest.raises(OSError, match="longer than 4 bytes"):
        read_regular(path, 4)
