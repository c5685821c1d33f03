# SPDX-License-Identifier: Apache-2.0
"""What can get lost in a run on its way to the record: each loss is told at the end of the run itself."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench.collected_tests import CollectedTests
from groundfloor.errors import BenchFault
from metrology.verdict import Verdict
from reports.checked_run import CheckedRun
from reports.run_verdict import Invalid
from reports.summary import Summary
from tests.sim.bench_run import BenchRun
from tests.sim.forked_run import forked_run

PLAN = """
import json
import pytest
from bench.run_folder import COLLECTED, PROFILE
from fixtures.run_session import RUN_SESSION
from test_plans.criteria import accuracy
from test_plans.markers import judges

@judges("DEL-003", "it is so", accuracy)
def test_{name}(infusion):
    pass

def test_{name}_meddles(request):
    session = request.config.stash[RUN_SESSION]
    {deed}
"""
FIGURES = "value=1.0, expanded_uncertainty=0.1, lower=5.0, upper=6.0, unit='µL', coverage_factor=2.0"
GUARD_BAND = "guard band w = U, ILAC-G8:09/2019 (false accept below 2.5 %)"
DEEDS = {
    "an input is changed": (
        "(session.folder.path / PROFILE).write_text('[profile]')",
        "check profile.toml: it is not what the run began with",
    ),
    "a row of the list is taken out": (
        "path = session.folder.path / COLLECTED; content = json.loads(path.read_text()); "
        "content['tests'] = content['tests'][:1]; path.write_text(json.dumps(content))",
        "check collected.json: it is not what the run began with",
    ),
    "a verdict does not follow": (
        f"session.journal.write('judgement', name='x', verdict='PASS', reason='so', rule={GUARD_BAND!r}, {FIGURES})",
        "recorded is PASS",
    ),
}


def run_of(out: Path, *options: str, more: list[str], select: str = "") -> BenchRun:
    out.mkdir(exist_ok=True)
    return forked_run(out, *options, select=select, more=more)


def plan(path: Path, name: str, deed: str = "pass") -> Path:
    path = path / f"test_{name}.py"
    path.write_text(PLAN.format(name=name, deed=deed), encoding="utf-8")
    return path


@pytest.mark.parametrize("deed", DEEDS)
def test_what_a_later_reader_would_refuse_the_run_tells_at_its_end_as_no_failure_of_the_pump(
    tmp_path: Path, deed: str
) -> None:
    written, seen = DEEDS[deed]
    run = run_of(tmp_path / "runs", more=[str(plan(tmp_path, "zz", written))], select="zz")
    assert run.exit_code == run.summary.exit_code
    assert run.exit_code in (3, 6)
    assert "check its own record: " in run.printed
    assert seen in run.printed
    assert any(one.startswith("the record does not hold: ") and seen in one for one in run.summary.troubles)
    assert run.summary.verdict in (Verdict.BLOCKED, Invalid.INVALID)
    with pytest.raises(BenchFault, match=seen.replace(".", r"\.")):
        CheckedRun.read(run.folder)


def test_a_chapter_whose_journal_lost_its_end_is_told(tmp_path: Path) -> None:
    plans = [str(plan(tmp_path, name)) for name in ("zz_a", "zz_b")]
    lossy = ["-p", "tests.sim.chapter_journals_lose_their_end"]
    run = run_of(tmp_path / "runs", "--workers=2", more=[*lossy, *plans], select="zz")
    assert run.exit_code == 3
    wanted = [f"{name}: its journal has no end, so lines of it are lost" for name in ("zz_a", "zz_b")]
    assert [one for one in run.summary.troubles if "has no end" in one] == wanted


def test_what_is_not_collected_or_not_started_makes_the_run_invalid_everywhere(tmp_path: Path) -> None:
    broken = tmp_path / "test_broken.py"
    broken.write_text("import no_such_module\n", encoding="utf-8")
    junit = tmp_path / "junit.xml"
    more = ["-x", "--continue-on-collection-errors", f"--junitxml={junit}"]
    plans = [str(plan(tmp_path, "zz", "raise ValueError('a mistake')")), str(plan(tmp_path, "zz_z")), str(broken)]
    run = run_of(tmp_path / "runs", more=[*more, *plans], select="zz")
    assert (run.exit_code, run.summary.verdict) == (6, Invalid.INVALID)
    missing = {one.node.rpartition("/")[2]: one.why for one in run.summary.invalid}
    never = "no result: it was collected and never started"
    assert "No module named 'no_such_module'" in missing.pop("test_broken.py")
    names = ("zz.py::test_zz", "zz.py::test_zz_meddles", "zz_z.py::test_zz_z", "zz_z.py::test_zz_z_meddles")
    assert missing == {f"test_{name}": never for name in names}
    assert "INVALID: " in run.printed
    errors = [error.get("type") for error in ET.parse(junit).iter("error")]
    assert errors.count("INVALID") == len(run.summary.invalid)


def test_each_test_that_was_left_out_names_who_left_it_out(tmp_path: Path) -> None:
    plans = [plan(tmp_path, "zz"), plan(tmp_path, "zz_other"), plan(tmp_path, "strange")]
    more = ["-m", "judges", f"--deselect={plans[1]}::test_zz_other"]
    run = run_of(tmp_path / "runs", "--chapter=leak", more=[*more, *map(str, plans)], select="zz")
    collected = CollectedTests.read(run.folder / "collected.json")
    assert [node.rpartition("::")[2] for node in collected.tests] == ["test_zz"]
    reasons = {one.node.rpartition("::")[2]: one.reason for one in collected.left_out}
    for name in ("test_zz_meddles", "test_zz_other", "test_strange"):
        assert "-k 'zz' and -m 'judges' and --deselect" in reasons[name]
    assert "only chapter leak was chosen" in reasons.values()
    assert (collected.profile, collected.chapters) == ("implantable-20ml", {collected.tests[0]: "zz"})


def test_the_list_of_tests_is_on_the_disk_before_the_first_line_of_the_journal_that_binds_it(tmp_path: Path) -> None:
    run = run_of(tmp_path / "runs", more=[str(plan(tmp_path, "zz"))], select="zz")
    first = run.journal[0]
    assert (first.kind, "collected.json" in first.data["inputs"]) == ("journal-opened", True)
    assert (
        json.loads((run.folder / "summary.json").read_text(encoding="utf-8"))["version"]
        == Summary.model_fields["version"].default
    )
