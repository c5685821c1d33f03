# SPDX-License-Identifier: Apache-2.0
"""What pytest and its plug-ins offer and a bench cannot take is refused in one line, before anything is opened."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sim.bench_run import ENVIRONMENT, LIMIT_S, ran

SHOWS, SHARED, REPEATED = "run no test", "cannot be shared", "would be repeated"
REFUSED = {
    "--fixtures": SHOWS,
    "--fixtures-per-test": SHOWS,
    "--markers": SHOWS,
    "--help": SHOWS,
    "--setup-plan": SHOWS,
    "-n 1": SHARED,
    "-n 2": SHARED,
    "--reruns 2": REPEATED,
    "--max-suite-reruns 1": REPEATED,
    "--count 2": REPEATED,
    "--lf": "keeps nothing of the one before",
    "PYTEST_ADDOPTS=--fixtures": SHOWS,
    "-p no_such_plug_in": "No module named 'no_such_plug_in'",
    "--collect-only": "no run was recorded",
}
SEVERAL = """
import contextlib, io, json, os, sys
from cli.main import main
told = {}
for options in json.loads(sys.argv[1]):
    sys.argv = ["pumpbench", "run", "simulated", "--no-html", "--chapter=leak", "--"]
    if options.startswith("PYTEST_ADDOPTS="):
        os.environ["PYTEST_ADDOPTS"] = options.partition("=")[2]
    else:
        sys.argv += options.split()
        os.environ.pop("PYTEST_ADDOPTS", None)
    both = io.StringIO()
    with contextlib.redirect_stdout(both), contextlib.redirect_stderr(both):
        try:
            main()
        except SystemExit as end:
            code = end.code
    told[options] = [code, both.getvalue()]
print(json.dumps(told))
"""
FLAKY = """
import pytest

@pytest.mark.flaky(reruns=2)
def test_flaky(bench):
    assert False
"""
TWICE = """
def test_one(bench):
    assert bench
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("refused")
    (path / "test_flaky.py").write_text(FLAKY, encoding="utf-8")
    (path / "test_twice.py").write_text(TWICE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, tuple[int, str]]:
    """What each of them ends with, and what it prints; one process for all, because all that is slow is the imports."""
    options = [*REFUSED, "test_flaky.py -k flaky", "test_twice.py test_twice.py --keep-duplicates -k test_one"]
    ended = subprocess.run(
        [sys.executable, "-c", SEVERAL, json.dumps(options)],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    return {option: (code, text) for option, (code, text) in json.loads(ended.stdout.splitlines()[-1]).items()}


@pytest.mark.parametrize("options", REFUSED)
def test_an_option_that_a_bench_cannot_take_ends_with_2_and_one_sentence(
    told: dict[str, tuple[int, str]], options: str
) -> None:
    if "reruns" in options:
        pytest.importorskip("pytest_rerunfailures")
    if "count" in options:
        pytest.importorskip("pytest_repeat")
    code, text = told[options]
    assert code == 2, text
    (line,) = [line for line in text.splitlines() if REFUSED[options] in line]
    assert ". Next: " in line
    assert "INTERNALERROR" not in text
    assert "Traceback" not in text


def test_nothing_was_opened_for_any_of_them(told: dict[str, tuple[int, str]], folder: Path) -> None:
    runs = [path for path in (folder / "runs").iterdir() if path.is_dir()]
    assert len(runs) == 2  # a mark and an id are known only when the plans are read, and that comes after
    for run in runs:
        assert '"trouble":"the run ended before any test asked for the bench"' in (run / "journal.jsonl").read_text()


def test_a_mark_that_repeats_a_test_is_refused(told: dict[str, tuple[int, str]]) -> None:
    pytest.importorskip("pytest_rerunfailures")
    code, text = told["test_flaky.py -k flaky"]
    assert code == 2
    assert "test_flaky.py::test_flaky: use its mark 'flaky': a test that failed would be repeated" in text


def test_two_tests_with_one_id_are_refused_with_their_file(told: dict[str, tuple[int, str]], folder: Path) -> None:
    code, text = told["test_twice.py test_twice.py --keep-duplicates -k test_one"]
    assert code == 2
    assert f"2 tests in {folder}/test_twice.py have this id" in text


def test_a_skip_without_a_bench_is_told_as_pytest_tells_it(tmp_path: Path) -> None:
    own = tmp_path / "test_own.py"
    own.write_text("import pytest\n\ndef test_it():\n    pytest.skip('not today')\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-ra", "-p", "fixtures.plugin", "-p", "no:cacheprovider", str(own)]
    told = ran(command, folder=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "SKIPPED [1] test_own.py:4: not today" in told.stdout
