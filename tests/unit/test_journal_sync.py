# SPDX-License-Identifier: Apache-2.0
"""When lines are forced to the disk: with every event, and once a second of samples."""

import os
from functools import partial
from pathlib import Path

import pytest

from bench.journal import Journal
from bench.journal.journal import KEPT_LINES
from metrology.verdict import Verdict
from tests.unit.any_lines import any_journal


@pytest.fixture
def machine_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The machine's time, to be moved by hand."""
    now = [100.0]
    monkeypatch.setattr("bench.journal.journal.monotonic_s", lambda: now[0])
    return now


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The length of the file at each call that forces it to the disk."""
    lengths: list[int] = []
    real = os.fdatasync

    def fdatasync(descriptor: int) -> None:
        lengths.append(os.fstat(descriptor).st_size)
        real(descriptor)

    monkeypatch.setattr("os.fdatasync", fdatasync)
    return lengths


def test_every_event_is_on_the_disk_when_the_call_returns(
    tmp_path: Path, machine_s: list[float], forced: list[int]
) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    for kind in ("run-started", "judgement", "test-ended"):
        journal.write(kind)
        assert forced[-1] == journal.position
    assert len(forced) == 3
    journal.close()


def test_samples_are_forced_once_a_second_of_the_machine(
    tmp_path: Path, machine_s: list[float], forced: list[int]
) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    for _ in range(100):  # ten seconds at ten samples a second
        machine_s[0] += 0.1
        journal.sample(mass_g=1.0)
    assert 9 <= len(forced) <= 10
    assert journal.position - forced[-1] < 12 * 120  # never more than a second of samples is in the air
    journal.close()
    assert forced[-1] == journal.position


def test_an_event_forces_the_samples_before_it_too(tmp_path: Path, machine_s: list[float], forced: list[int]) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    journal.write("run-started")
    forced.clear()
    journal.sample(mass_g=1.0)
    assert forced == []
    journal.write("event")
    assert forced == [journal.position]
    machine_s[0] += 0.99
    journal.sample(mass_g=1.0)  # the second counts from the event on
    assert len(forced) == 1
    machine_s[0] += 0.02
    journal.sample(mass_g=1.0)
    assert len(forced) == 2
    journal.close()


def test_fast_samples_are_forced_before_memory_holds_too_many(
    tmp_path: Path, machine_s: list[float], forced: list[int]
) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    for _ in range(3 * KEPT_LINES):
        journal.sample()
        assert len(journal._kept) < KEPT_LINES
    assert len(forced) == 3
    journal.close()


def test_a_judgement_that_passed_is_forced_within_a_second_or_with_the_next_event_and_any_other_at_once(
    tmp_path: Path, machine_s: list[float], forced: list[int]
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("judgement", name="one that is forced", verdict=Verdict.FAIL, reason="")
    forced.clear()
    judge = partial(journal.write, "judgement", name="volume", reason="")
    judge(verdict=Verdict.PASS)
    judge(verdict=Verdict.PASS)
    assert forced == []
    machine_s[0] += 1.01
    judge(verdict=Verdict.PASS)
    assert forced == [journal.position]
    judge(verdict=Verdict.PASS)
    judge(verdict=Verdict.INCONCLUSIVE)
    assert forced[1:] == [journal.position]
    journal.close()


def test_a_first_line_is_forced_whatever_it_is(tmp_path: Path, machine_s: list[float], forced: list[int]) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("judgement-declared", name="volume")
    assert forced[0] > 0
    journal.close()
