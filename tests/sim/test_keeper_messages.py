# SPDX-License-Identifier: Apache-2.0
"""What the bench tells its keeper arrives as it was sent; what is torn is no word of a living bench."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.bench_file import BenchFile
from bench.safety.keeper.ear import Ear
from bench.safety.keeper.message import Charge, Word
from tests.unit.test_bench_file import example


@pytest.fixture
def pipe() -> Iterator[tuple[Ear, int]]:
    receiver, sender = os.pipe()
    with closing(os.fdopen(receiver, "rb")):
        yield Ear(receiver), sender


def test_a_charge_arrives_with_the_whole_bench_file(tmp_path: Path) -> None:
    file = BenchFile.model_validate(example())
    charge = Charge(file=file, fencing_token=70001, log=tmp_path / "keeper.jsonl")
    assert Charge.model_validate_json(charge.model_dump_json()) == charge


def test_words_come_one_by_one_though_they_were_sent_together(pipe: tuple[Ear, int]) -> None:
    ear, sender = pipe
    words = [Word(says="armed", within_s=1.5), Word(says="beat"), Word(says="signed_off")]
    os.write(sender, b"".join(word.model_dump_json().encode() + b"\n" for word in words))
    os.close(sender)
    assert [ear.word(1.0) for _ in words] == words
    assert not ear.bench_gone
    assert ear.word(1.0) is None
    assert ear.bench_gone


def test_silence_is_not_the_end(pipe: tuple[Ear, int]) -> None:
    ear, sender = pipe
    assert ear.word(0.01) is None
    assert not ear.bench_gone
    os.write(sender, b'{"says":"beat"}\n')
    assert ear.hears_within(1.0)
    assert ear.word(0.0) == Word(says="beat")
    os.close(sender)


@given(st.binary(max_size=200))
def test_whatever_comes_down_the_pipe_is_a_word_or_the_end_of_the_bench(noise: bytes) -> None:
    receiver, sender = os.pipe()
    with closing(os.fdopen(receiver, "rb")):
        ear = Ear(receiver)
        os.write(sender, noise)
        os.close(sender)
        while (word := ear.word(1.0)) is not None:
            assert isinstance(word, Word)
        assert ear.bench_gone
