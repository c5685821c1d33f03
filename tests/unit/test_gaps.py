# SPDX-License-Identifier: Apache-2.0
"""Gaps: what is written of them, when they end an infusion, and which time they touch."""

from pathlib import Path

import pytest

from bench.journal import Entry, Journal, JournalLine
from bench.sampling.gaps import Gap, Gaps
from groundfloor.errors import BenchFault, NoAnswer

SILENCE = NoAnswer("balance", "SIC1", "no whole line within 2 s", "check the cable")
LONGEST_S = 120.0


@pytest.fixture
def entries() -> list[Entry]:
    return []


@pytest.fixture
def gaps(tmp_path: Path, entries: list[Entry]) -> Gaps:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.written.subscribe(entries.append)
    gaps = Gaps(journal, "basal", LONGEST_S)
    gaps.sampled(30.0)
    return gaps


def test_every_missed_sample_and_the_end_of_the_gap_are_in_the_journal(gaps: Gaps, entries: list[Entry]) -> None:
    gaps.missed(60.0, SILENCE)
    gaps.missed(90.0, SILENCE)
    gaps.sampled(120.0)
    gaps.sampled(150.0)
    assert [entry.data["what"] for entry in entries] == ["gap"] * 3
    assert entries[0].data["title"] == "No sample at 60 s: balance: SIC1: no whole line within 2 s"
    assert [entry.data["missed"] for entry in entries] == [1, 2, 2]
    assert (entries[-1].data["from_s"], entries[-1].data["to_s"]) == (30.0, 120.0)
    assert entries[-1].data["title"] == "Gap of 90 s closed: 2 samples are missing"


def test_a_gap_may_last_as_long_as_the_limit_and_no_longer(gaps: Gaps) -> None:
    for planned_s in (60.0, 90.0, 120.0, 150.0):
        gaps.missed(planned_s, SILENCE)
    with pytest.raises(
        BenchFault, match=r"balance: SIC1: no sample for 150 s, allowed are 120 s; .*Next: check the ca"
    ):
        gaps.missed(180.0, SILENCE)


def test_several_short_gaps_are_not_one_long_one(gaps: Gaps) -> None:
    for number in range(1, 50):
        gaps.missed(60.0 * number, SILENCE)
        gaps.sampled(60.0 * number + 30.0)
    assert len(gaps.all) == 49


@pytest.mark.parametrize(
    ("from_s", "to_s", "touched"), [(0, 30, 0), (0, 31, 1), (60, 70, 1), (119, 400, 1), (120, 480, 0), (500, 501, 1)]
)
def test_a_gap_spoils_the_time_between_the_samples_around_it(
    gaps: Gaps, from_s: float, to_s: float, touched: int
) -> None:
    gaps.missed(60.0, SILENCE)
    gaps.sampled(120.0)
    gaps.sampled(480.0)
    gaps.missed(510.0, SILENCE)
    assert len(gaps.qualifiers(from_s, to_s)) == touched


def test_gaps_are_recalled_from_the_journal(gaps: Gaps, entries: list[Entry], tmp_path: Path) -> None:
    gaps.missed(60.0, SILENCE)
    gaps.missed(90.0, SILENCE)
    gaps.sampled(120.0)
    gaps.missed(150.0, SILENCE)
    resumed = Gaps(Journal(tmp_path / "resumed.jsonl"), "basal", LONGEST_S)
    for entry in entries:
        resumed.recall(JournalLine(0, entry.t_s, entry.kind, entry.data, 0, 0))
    assert resumed.all == gaps.all == [Gap(30.0, 120.0, 2), Gap(120.0, None, 1)]


def test_an_open_gap_lasts_until_further_notice(gaps: Gaps) -> None:
    gaps.missed(60.0, SILENCE)
    assert gaps.open == Gap(30.0, None, 1)
    assert gaps.qualifiers(1e6, 2e6) == ("no samples after 30 s",)
