# SPDX-License-Identifier: Apache-2.0
"""The keeper's log never holds the keeper up."""

import json
import os
from pathlib import Path
from threading import Event

import pytest

from bench.safety.keeper import log as keeper_log
from bench.safety.keeper.log import KeeperLog


def test_what_was_written_stands_in_the_file_when_the_call_returns(tmp_path: Path) -> None:
    log = KeeperLog(tmp_path / "keeper.jsonl")
    for number in range(3):
        log.write("attempt", number=number)
    lines = (tmp_path / "keeper.jsonl").read_text(encoding="ascii").splitlines()
    assert [json.loads(line)["number"] for line in lines] == [0, 1, 2]


def test_a_disk_that_hangs_is_waited_for_once_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hangs, begun = Event(), Event()
    monkeypatch.setattr(keeper_log, "WRITE_LIMIT_S", 0.01)

    def hang(_descriptor: int) -> None:
        begun.set()
        hangs.wait(30.0)

    monkeypatch.setattr(os, "fsync", hang)
    log = KeeperLog(tmp_path / "keeper.jsonl")
    for _ in range(3):
        log.write("attempt")
    assert begun.wait(30.0)
    hangs.set()
    assert capsys.readouterr().err.count("the log takes longer than 0.01 s") == 1


def test_a_pipe_in_place_of_the_log_is_told_and_written_to_by_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "keeper.jsonl")
    KeeperLog(tmp_path / "keeper.jsonl").write("attempt")
    assert "keeper.jsonl" in capsys.readouterr().err
