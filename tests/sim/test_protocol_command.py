# SPDX-License-Identifier: Apache-2.0
"""`pumpbench protocol`: what is going to be tested, before it is."""

import html
import re
from pathlib import Path

import pytest
import tomli_w

from bench.bench_file import BenchFile
from bench.profile import Profile
from bench.recorded import BenchTime
from cli.chapters import PROFILES_FOLDER, known_chapters
from fixtures.own_twin import OwnTwin
from instruments.simulated.twin.twin_options import TwinOptions
from reports.page.page_html import TEMPLATES
from tests.sim.bench_run import bench_run
from tests.sim.forked_command import Ended, forked_command

HASH = re.compile(r"SHA-256 of what this protocol says: `([0-9a-f]{64})`")
PLAN = '''"""A chapter of somebody's own."""
from bench.therapy import Continuous
from test_plans.criteria import accuracy
from test_plans.markers import judges

ROW = 3
"""As many as fit into a day."""


@judges("DEL-002", "each hour", accuracy, times=ROW)
def test_hours(infusion, profile):
    """Three hours are weighed one by one.

    Purpose: see.

    Acceptance: each is right.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.settle()
        for number in range(ROW):
            run.judge("each hour", run.deliver(3600.0, f"hour {number}").volume)
'''


def protocol(folder: Path, *words: object, code: int = 0) -> str:
    ended: Ended = forked_command(["protocol", *map(str, words)], folder)
    assert ended.exit_code == code, ended.printed
    return ended.printed


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The protocol of all chapters, as Markdown and as a page."""
    folder = tmp_path_factory.mktemp("whole")
    told = protocol(folder, "--html", "protocol.html")
    return told, (folder / "protocol.html").read_text(encoding="utf-8")


def test_each_chapter_and_test_is_told_with_its_parts_and_nothing_is_missing(whole: tuple[str, str]) -> None:
    told, _ = whole
    for name in known_chapters():
        assert f"## Chapter {name.replace('_', chr(92) + '_')}\n" in told
    assert told.count("**Purpose.**") == told.count("**Method.**") == told.count("**Acceptance.**") >= 14
    assert "## Missing in the plan" not in told
    assert "no test |" not in told.replace("\\", "")  # each requirement has one


def test_limits_sample_sizes_hours_and_assumed_numbers_are_told(whole: tuple[str, str]) -> None:
    told = whole[0].replace("\\", "")
    assert (
        "| each bolus | delivered volume, balance against program | BOL-001@1 | 85.5 to 114.5 % of the programmed"
        in told
    )
    assert "| 25 | As many as IEC 60601-2-24 weighs one by one; if all 25 pass, at most 11% of such would fail" in told
    assert "| low, 2 µL/h | 17" in told  # seconds of the shortest window
    assert "| stroke_volume_ul | 0.5 | assumed |" in told
    assert "it is for pumps with no catheter sensor, and that of profile implantable-20ml is none" in told


def test_a_screening_trial_is_not_applicable_to_an_implant_and_a_day_schedule_not_to_a_trial_pump(
    whole: tuple[str, str], tmp_path: Path
) -> None:
    not_applicable = whole[0].partition("## Not applicable to this profile")[2].partition("## BLOCKED")[0]
    assert (
        not_applicable.count("it is for pumps with screening trial, and that of profile implantable-20ml is none") == 5
    )
    told = protocol(tmp_path, "--profile", "external-trial", "--only", "schedule")
    assert "0 cases are planned" in told
    assert "it is for pumps with flex, and that of profile external-trial is none" in told


def test_the_page_says_the_same_and_loads_nothing(whole: tuple[str, str]) -> None:
    told, page = whole
    (hashed,) = HASH.findall(told)
    assert hashed in page
    for label in set(re.findall(r"^\| ([A-Z]{3}-\d{3}@\d+) \|", told, re.M)):
        assert f'id="req-{label}"' in page
    assert "default-src 'none'" in html.unescape(page)
    assert not re.search(r"<script|<link|<img|src=", page)
    classes = set(re.findall(r'class="badge s-([a-z-]+)"', page))
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    assert classes == {"ok", "not-applicable"}
    assert ".s-ok" in style  # the look of a run's page; what does not apply has no colour there either


def test_the_hash_is_that_of_what_it_says(tmp_path: Path) -> None:
    def hash_of(*words: object) -> str:
        (found,) = HASH.findall(protocol(tmp_path, "--only", "quiet", *words))
        return str(found)

    profile = Profile.named("implantable-20ml", PROFILES_FOLDER)
    wider = profile.accuracy_percent.model_copy(update={"value": 15.0})
    changed = profile.model_copy(update={"accuracy_percent": wider}).model_dump(mode="json", exclude_none=True)
    (tmp_path / "wider.toml").write_text(tomli_w.dumps(changed), encoding="utf-8")
    assert hash_of() == hash_of()
    assert hash_of() != hash_of("--profile", "wider.toml")


def test_a_plan_of_ones_own_is_told_with_what_its_docstring_lacks(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(PLAN, encoding="utf-8")
    told = protocol(tmp_path, "test_own.py").replace("\\", "")
    assert "**MISSING in the docstring:** Method." in told
    assert "| 3 | As many as fit into a day; if all 3 pass" in told
    assert "| – | PLANNED | 3.5 h |" in told  # lead-in, settling, three hours and marks, run-down
    assert "DEL-001@1" not in told  # only what this plan is evidence for


def test_a_test_without_any_docstring_is_told_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_a(bench):\n    pass\n", encoding="utf-8")
    told = protocol(tmp_path, "test_own.py")
    assert "**MISSING in the docstring:** Purpose, Method, Acceptance." in told
    assert "The chapter has no docstring." in told
    assert "unknown until run (it asks for bench)" in told


def test_what_only_a_run_tells_is_called_unknown(tmp_path: Path) -> None:
    plan = PLAN.replace("run.settle()", "run.settle()\n        if run.deliver(3600.0, 'a').volume > 1: pass")
    (tmp_path / "test_own.py").write_text(plan, encoding="utf-8")
    assert "at least 1.1 h; the rest is unknown until run (a.volume)" in protocol(tmp_path, "test_own.py")


@pytest.mark.parametrize(
    ("chapter", "lacks", "tests"),
    [
        ("patient_bolus", "patient button: its register map 'rig-1' has no point press_token", 1),
        ("reservoir", "refill port: its register map 'rig-1' has no point refill_token", 9),
    ],
)
def test_a_rig_without_an_output_blocks_the_tests_that_need_it_by_name(
    tmp_path: Path, chapter: str, lacks: str, tests: int
) -> None:
    file = OwnTwin(TwinOptions()).bench_to_come()
    file = file.model_copy(update={"rig": file.rig.with_map("rig-1")})
    file.write(tmp_path / "bench.toml")
    told = protocol(tmp_path, "--only", chapter, "--bench", "bench.toml").replace("\\", "")
    blocked = told.partition("## BLOCKED on this bench")[2].partition("## ")[0]
    assert blocked.count("\n- ") == blocked.count(f"rig: use its {lacks}") == tests


def test_a_balance_that_resolves_nothing_blocks_by_the_capability_gate(tmp_path: Path) -> None:
    file = OwnTwin(TwinOptions()).bench_to_come()
    coarse = {"readability_mg": 10.0, "repeatability_mg": 20.0, "linearity_mg": 100.0}
    file.model_copy(update={"balance": file.balance.model_copy(update=coarse)}).write(tmp_path / "bench.toml")
    told = protocol(tmp_path, "--only", "quiet", "--bench", "bench.toml")
    assert "0 cases are planned" in told
    assert "balance: resolve ±14.5 %" in told.partition("## BLOCKED on this bench")[2]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["--profile", "implantable-21ml"], "did you mean 'implantable-20ml'?"),
        (["--only", "quite"], "chapters: "),
        (["--bench", "no.toml"], "there is no such file"),
        (["gone.py"], "plan gone.py: open: there is no such file"),
        (["broken.py"], "SyntaxError"),
        (["empty.py"], "it holds no test"),
        (["unknown.py"], "unknown: 'DEL-999'"),
    ],
)
def test_what_is_wrong_is_refused_by_name_with_what_to_do(tmp_path: Path, words: list[str], wrong: str) -> None:
    (tmp_path / "broken.py").write_text("def test_a(:\n", encoding="utf-8")
    (tmp_path / "empty.py").write_text("", encoding="utf-8")
    (tmp_path / "unknown.py").write_text(PLAN.replace("DEL-002", "DEL-999"), encoding="utf-8")
    printed = " ".join(protocol(tmp_path, *words, code=2).split())
    assert wrong in printed
    assert "Next: " in printed


def test_the_planned_hours_are_those_that_a_run_takes(tmp_path: Path) -> None:
    told = protocol(tmp_path, "--only", "quiet")
    (planned,) = re.findall(r"^\| – \| PLANNED \| ([\d.]+) h \|", told, re.M)
    run = bench_run("simulated", tmp_path / "runs", "--chapter=quiet")
    time = BenchTime()
    for line in run.journal:
        time.take(line.kind, line.t_s)
    infusion = [line.t_s for line in run.journal if line.kind in ("infusion-started", "infusion-ended")]
    assert (infusion[1] - infusion[0]) / 3600 == pytest.approx(float(planned), abs=0.1)


def test_the_bench_file_of_the_default_is_a_twin(whole: tuple[str, str]) -> None:
    assert "Bench: simulated (SIMULATED)" in whole[0]
    assert BenchFile.model_validate(OwnTwin(TwinOptions()).bench_to_come().model_dump()).own_twin
