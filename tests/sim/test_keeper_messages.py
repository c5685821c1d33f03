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
from bench.safety.keeper.listener import Listener
from bench.safety.keeper.message import KeeperMessage, StartMessage
from tests.unit.test_bench_file import example


@pytest.fixture
def pipe() -> Iterator[tuple[Listener, int]]:
    receiver, sender = os.pipe()
    with closing(os.fdopen(receiver, "rb")):
        yield Listener(receiver), sender


def test_a_charge_arrives_with_the_whole_bench_file(tmp_path: Path) -> None:
    file = BenchFile.model_validate(example())
    start_message = StartMessage(file=file, fencing_token=70001, session=17, log=tmp_path / "keeper.jsonl")
    assert StartMessage.model_validate_json(start_message.model_dump_json()) == start_message


def test_words_come_one_by_one_though_they_were_sent_together(pipe: tuple[Listener, int]) -> None:
    listener, sender = pipe
    messages = [
        KeeperMessage(says="armed", within_s=1.5),
        KeeperMessage(says="heartbeat"),
        KeeperMessage(says="signed_off"),
    ]
    os.write(sender, b"".join(message.model_dump_json().encode() + b"\n" for message in messages))
    os.close(sender)
    assert [listener.message(1.0) for _ in messages] == messages
    assert not listener.bench_gone
    assert listener.message(1.0) is None
    assert listener.bench_gone


def test_silence_is_not_the_end(pipe: tuple[Listener, int]) -> None:
    listener, sender = pipe
    assert listener.message(0.01) is None
    assert not listener.bench_gone
    os.write(sender, b'{"says":"heartbeat"}\n')
    assert listener.hears_within(1.0)
    assert listener.message(0.0) == KeeperMessage(says="heartbeat")
    os.close(sender)


@given(st.binary(max_size=200))
def test_whatever_comes_down_the_pipe_is_a_word_or_the_end_of_the_bench(noise: bytes) -> None:
    receiver, sender = os.pipe()
    with closing(os.fdopen(receiver, "rb")):
        listener = Listener(receiver)
        os.write(sender, noise)
        os.close(sender)
        while (word := listener.message(1.0)) is not None:
            assert isinstance(word, KeeperMessage)
        assert listener.bench_gone
