# SPDX-License-Identifier: Apache-2.0
"""A bench file says by a word of its own that a run starts its twin, and no address means that."""

from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from fixtures.own_twin import OwnTwin
from groundfloor.errors import PlanError
from instruments.simulated.twin.twin_options import TwinOptions


def to_come() -> BenchFile:
    return OwnTwin(TwinOptions()).bench_to_come()


def test_the_word_is_written_and_read_back(tmp_path: Path) -> None:
    to_come().write(tmp_path / "bench.toml")
    assert "own_twin = true" in (tmp_path / "bench.toml").read_text(encoding="utf-8")
    assert BenchFile.load(tmp_path / "bench.toml").own_twin


def test_a_twin_of_somebody_else_at_the_same_address_is_none_of_a_run() -> None:
    file = to_come()
    assert file.simulation is not None
    other = file.model_copy(update={"simulation": file.simulation.model_copy(update={"own_twin": False})})
    assert (other.rig.address, other.own_twin) == (file.rig.address, False)


def test_it_is_the_same_at_whatever_address(tmp_path: Path) -> None:
    file = to_come()
    moved = file.model_copy(update={"rig": file.rig.model_copy(update={"address": "tcp://127.0.0.1:4711"})})
    assert moved.own_twin


def test_the_kept_file_of_such_a_run_is_refused_as_a_bench(tmp_path: Path) -> None:
    path = tmp_path / "bench.toml"
    to_come().write(path)
    with pytest.raises(PlanError, match="its twin belongs to the run that wrote this file"):
        BenchFile.load(path).refuse_own_twin(path)
