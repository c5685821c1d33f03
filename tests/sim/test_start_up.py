# SPDX-License-Identifier: Apache-2.0
"""What a command imports: help comes at once, and a run loads nothing before its first sample that only views need.

Processor time is told by the process itself, so a busy machine stretches it little.
"""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.sim.bench_run import ENVIRONMENT, LIMIT_S

HELP_S = 0.6
RUN_S = 3.0
FOR_VIEWS = ("pandas", "pyarrow", "matplotlib", "PIL", "jinja2", "scipy.stats", "reports.page", "reports.allure_html")

TOLD = """
import atexit, json, sys, time
import pumpbench
atexit.register(lambda: sys.stderr.write("TOLD " + json.dumps([time.process_time(), sorted(sys.modules)])))
sys.argv = ["pumpbench", *sys.argv[1:]]
pumpbench.main()
"""

AT_THE_FIRST_SAMPLE = """
import json, os, sys, time
from bench.journal import Journal
own = os.fdopen(os.dup(2), "w")  # pytest captures the other one
real = Journal.sample
def first(self, *a, **k):
    Journal.sample = real
    print("TOLD", json.dumps([time.process_time(), sorted(sys.modules)]), file=own, flush=True)
    return real(self, *a, **k)
Journal.sample = first
import pumpbench
sys.argv = ["pumpbench", *sys.argv[1:]]
pumpbench.main()
"""


def told(program: str, *words: str) -> tuple[float, set[str]]:
    """Processor time in s, and the modules that were loaded by then."""
    run = subprocess.run(
        [sys.executable, "-c", program, *words],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    found: list[Any] = json.loads(run.stderr.partition("TOLD ")[2].splitlines()[0])
    return found[0], set(found[1])


def test_help_takes_little_and_loads_no_bench() -> None:
    spent_s, modules = told(TOLD, "--help")
    assert spent_s <= HELP_S
    assert not {"numpy", "pytest", "bench.bench", "instruments"} & modules


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> tuple[float, set[str]]:
    words = ["run", "simulated", "--chapter", "kink", "--no-html", "--journal-only"]
    return told(AT_THE_FIRST_SAMPLE, *words, f"--out={tmp_path_factory.mktemp('out')}", "--", "-k", "recovers and high")


def test_a_run_comes_to_its_first_sample_pre_flight_included_in_its_time(
    started: tuple[float, set[str]],
) -> None:
    assert started[0] <= RUN_S


@pytest.mark.parametrize("name", FOR_VIEWS)
def test_what_only_views_need_is_not_loaded_while_a_pump_runs(started: tuple[float, set[str]], name: str) -> None:
    assert "bench.bench" in started[1]
    assert name not in started[1]
