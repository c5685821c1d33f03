# SPDX-License-Identifier: Apache-2.0
"""A run whose disk takes no more stops at once, keeps every sample, and says where it is."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pandas as pd
import pytest

from bench.journal import CONTINUED, JournalLine, check_journal, read_lines
from tests.sim.bench_run import ENVIRONMENT, LIMIT_S, BenchRun, command, finished, started
from tests.sim.endless_run import wait_for_line

LEAK = ("--chapter=leak",)


@pytest.fixture(scope="module", autouse=True)
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The usual second folders of this user are left alone, by the runs and by those who read them."""
    with pytest.MonkeyPatch.context() as patch:
        folder = str(tmp_path_factory.mktemp("state"))
        patch.setitem(ENVIRONMENT, "XDG_STATE_HOME", folder)
        patch.setenv("XDG_STATE_HOME", folder)
        yield


FULL_AFTER_BLOCKS = 5500
"""Of 512 bytes."""


def limited(arguments: list[str]) -> list[str]:
    """The command with no file of it growing beyond the limit, as if the disk were full there."""
    return ["sh", "-c", f'ulimit -f {FULL_AFTER_BLOCKS}; exec "$@"', "sh", *arguments]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    out, second = tmp_path_factory.mktemp("full"), tmp_path_factory.mktemp("second")
    with started(limited(command("simulated", out, *LEAK, f"--fallback={second}"))) as process:
        return finished(process, out)


def wait_for_journal(out: Path, length: int) -> None:
    end_s = time.monotonic() + LIMIT_S
    while not any(journal.stat().st_size > length for journal in out.glob("*/journal.jsonl")):
        assert time.monotonic() < end_s
        time.sleep(0.01)


def lines_of(run_folder: Path) -> list[JournalLine]:
    return list(read_lines(run_folder / "journal.jsonl"))


def test_the_run_ends_with_the_exit_code_of_its_summary_and_names_both_files(full: BenchRun) -> None:
    assert full.exit_code == 6, full.printed + full.errors
    assert list((full.folder / "pictures").glob("I-*-delivery.svg"))  # of both parts of the journal
    continued = (full.folder / CONTINUED).readlink()
    told = full.printed + full.errors
    assert f"journal {full.folder}/journal.jsonl: write: " in told
    assert f"it goes on in {continued}" in told
    assert "Traceback" not in told


def test_the_run_stops_at_the_first_sample_that_the_disk_refuses(full: BenchRun) -> None:
    length = (full.folder / "journal.jsonl").stat().st_size
    lines = lines_of(full.folder)
    refused = next(line for line in lines if line.end_offset > length)
    assert length > 0.95 * FULL_AFTER_BLOCKS * 512
    assert refused.kind == "sample"
    later = [line.kind for line in lines[refused.seq + 1 :]]
    assert "sample" not in later
    assert later[-1] == "run-ended"


def test_the_chain_is_whole_through_both_files(full: BenchRun) -> None:
    found = check_journal(full.folder / "journal.jsonl")
    assert (found.whole, found.ended, len(found.files)) == (True, True, 2)


def test_the_summary_does_not_pass_and_tells_the_loss(full: BenchRun) -> None:
    assert full.summary.exit_code == 6  # the tests behind it have no result: INVALID
    assert any("it goes on in" in trouble for trouble in full.summary.troubles)


def test_the_samples_of_both_files_reach_the_table(full: BenchRun) -> None:
    written = sum(line.kind == "sample" for line in lines_of(full.folder))
    assert len(pd.read_parquet(full.folder / "samples.parquet")) == written > 300


needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a file system")


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A folder on a disk of its own that is soon full."""
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@needs_root
def test_a_disk_that_is_really_full_costs_no_sample(tmp_path: Path) -> None:
    with small_disk(tmp_path / "runs", "4m") as out:
        with started(command("simulated", out, *LEAK, f"--fallback={tmp_path / 'second'}")) as process:
            wait_for_journal(out, 100_000)
            filler = next(out.iterdir()) / "filler"
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
            run = finished(process, out)
        assert run.exit_code == 3, run.printed + run.errors
        assert "No space left on device" in run.printed + run.errors
        assert "Traceback" not in run.printed + run.errors
        found = check_journal(run.folder / "journal.jsonl")
        assert (found.whole, found.ended, len(found.files)) == (True, True, 2)


def test_a_run_folder_that_is_deleted_costs_no_sample(tmp_path: Path) -> None:
    out, second = tmp_path / "runs", tmp_path / "second"
    with started(command("simulated", out, *LEAK, f"--fallback={second}")) as process:
        wait_for_journal(out, 100_000)
        (folder,) = out.iterdir()
        shutil.rmtree(folder, ignore_errors=True)
        printed, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 3, printed + errors
    found = check_journal(second / folder.name / "journal.jsonl")
    assert (found.whole, found.ended) == (True, True)
    assert found.samples > 100
    assert f"it goes on in {second / folder.name}" in printed + errors


FAILS_AND_GOES_ON = """
import pytest
from bench.therapy import Continuous

@pytest.mark.parametrize("length_s", [1200.0, 1e7])
def test_fails_and_goes_on(infusion, profile, length_s):
    with infusion(Continuous(profile.rates.tested("high")), interval_s=10.0) as run:
        run.wait(length_s)
"""


def test_a_fail_is_told_by_the_exit_code_though_the_run_folder_is_gone_before_the_summary(tmp_path: Path) -> None:
    out, second, plan = tmp_path / "runs", tmp_path / "second", tmp_path / "test_fails_and_goes_on.py"
    plan.write_text(FAILS_AND_GOES_ON)
    options = (*LEAK, "--defect=rate_bias=0.2", f"--fallback={second}")
    with started(command("simulated", out, *options, select="fails_and_goes_on", more=[str(plan)])) as process:
        wait_for_line(out, b'"kind":"infusion-started"', process, count=2)
        (folder,) = out.iterdir()
        shutil.rmtree(folder, ignore_errors=True)
        printed, errors = process.communicate(timeout=LIMIT_S)
    verdicts = [
        line.data["verdict"] for line in read_lines(second / folder.name / "journal.jsonl") if line.kind == "test-ended"
    ]
    assert verdicts == ["FAIL", "BLOCKED"]
    assert process.returncode == 1, printed + errors


@needs_root
def test_an_infusion_that_the_disk_has_no_room_for_is_blocked_before_it_runs_for_hours(tmp_path: Path) -> None:
    with small_disk(tmp_path / "runs", "1000k") as out:
        with started(command("simulated", out, *LEAK, select="that_grows")) as process:
            run = finished(process, out)
        assert run.exit_code == 3, run.printed + run.errors
        lines = [line for line in lines_of(run.folder) if line.kind == "test-ended"]
        assert "MiB are free, it needs" in str(lines[-1].data["reason"])
