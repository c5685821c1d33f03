# SPDX-License-Identifier: Apache-2.0
"""The conformance kit of chapters: the example keeps to it, and each way not to is found."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from bench.conformance import Outcome
from bench.conformance.drivers import DriverFinding
from bench.journal import Journal
from bench.run_folder import COLLECTED
from cli.chapter_trials import Chapters, chapter_trials
from cli.chapters_to_try import chapters_in, chapters_of_pack
from cli.command_alone import CommandEnd, command_alone
from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind, Offer
from groundfloor.system.forked import CAN_FORK
from tests.sim.forked_command import forked_command

PACK = Path(__file__).parents[2] / "examples" / "chapter_pack"
LIMIT_S = 600.0
WHOLE = "It does.\n\nPurpose: a.\n\nMethod: b.\n\nAcceptance: c."


def forked(words: Sequence[str], folder: Path, environment: Mapping[str, str], limit_s: float) -> CommandEnd:
    """Run a command as a copy of this process: what it imports is there."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        ended = forked_command(words, folder, limit_s)
    return CommandEnd(ended.exit_code, ended.printed)


def differing(findings: Sequence[DriverFinding]) -> dict[str, str]:
    return {one.rule.number: one.seen for one in findings if one.outcome is Outcome.DIFFERS}


def offered(folder: Path) -> Offer:
    return Offer(Kind.CHAPTERS, "PACK", "pack.py:PACK", "a test", folder)


@pytest.mark.skipif(not CAN_FORK, reason="no process is copied here")
def test_the_example_of_a_pack_keeps_to_all_of_it() -> None:
    asked = chapters_of_pack(offered(PACK), None, (), "", LIMIT_S)
    assert asked.bad_pumps == ("rate_bias=0.2",)
    findings = chapter_trials(asked, forked)
    assert {one.outcome for one in findings} == {Outcome.OK}, findings
    assert findings[4].seen == "rate_bias=0.2 reddens 1 test"


BROKEN = {
    "import no_such_module\n": "no_such_module",
    "def test_it(: pass\n": "SyntaxError",
    "VALUE = 1\n": "it holds no test",
    "from test_plans.criteria import accuracy\nfrom test_plans.markers import judges\n\n\n"
    '@judges("NO-SUCH-1", "a name", accuracy)\ndef test_it(infusion): pass\n': "unknown: 'NO-SUCH-1'",
}


@pytest.mark.skipif(not CAN_FORK, reason="no process is copied here")
@pytest.mark.parametrize("code", BROKEN, ids=["import", "syntax", "no test", "requirement"])
def test_a_chapter_that_cannot_be_read_is_told_and_nothing_else_is_tried(code: str, tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(code, encoding="utf-8")
    findings = chapter_trials(chapters_in(tmp_path, ["rate_bias=0.2"], "", LIMIT_S), forked)
    told = differing(findings)
    assert BROKEN[code] in told["K-1"], told
    assert {one.rule.number for one in findings if one.outcome is Outcome.NOT_TRIED} >= {"K-2", "K-3", "K-4", "K-5"}


# --- what a run left decides; these runs are written by hand --------------------------------------------------------
Runner = Callable[[Sequence[str], Path, Mapping[str, str], float], CommandEnd]


def made(
    doc: str = WHOLE, own: bool = True, good: str = "PASS", bad: str = "FAIL", lying: bool = False, left: int = 0
) -> Runner:
    """Return what stands for a run: it writes the journal of one test, with an end of its own on a bad pump."""

    def run(words: Sequence[str], folder: Path, environment: Mapping[str, str], limit_s: float) -> CommandEnd:
        verdict = bad if "--defect" in words else good
        node, place = "mine/test_mine.py::test_it", folder / "runs" / "one"
        place.mkdir(parents=True)
        (place / COLLECTED).write_text(f'{{"root": null, "tests": ["{node}"]}}', encoding="ascii")
        if lying:
            (folder / "notes.txt").touch()
        name = "my value" if own else "commands are accepted"
        with Journal(place / "journal.jsonl") as journal:
            journal.write("test-started", node=node, title="It does", purpose=doc, chapter="mine")
            journal.write("judgement-declared", name=name)
            journal.write("judgement", name=name, declared=name, verdict=verdict, reason=f"why {verdict}")
            journal.write("test-ended", node=node, verdict=verdict, reason="", judged=1)
            journal.write("run-ended", reason="ok")
        return CommandEnd(0 if verdict == "PASS" else 1, "", tuple(range(1, left + 1)))

    return run


@pytest.mark.parametrize(
    ("run", "rule", "told"),
    [
        (made(own=False), "K-2", "test_mine.py::test_it: no @judges above it"),
        (made(doc="It does.\n\nMethod: b."), "K-3", "test_mine.py::test_it lacks Purpose, Acceptance"),
        (made(good="INCONCLUSIVE"), "K-4", "test_mine.py::test_it is INCONCLUSIVE: why INCONCLUSIVE"),
        (made(bad="PASS"), "K-5", "no judgement of its own FAILs with rate_bias=0.2"),
        (made(bad="INCONCLUSIVE"), "K-5", "no judgement of its own FAILs with rate_bias=0.2"),
        (made(lying=True), "K-6", "after the run there is notes.txt beside the folder of runs"),
        (made(left=2), "K-6", "after the run 2 of its processes went on; they were ended"),
    ],
)
def test_each_rule_finds_the_chapter_that_breaks_it(run: Runner, rule: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").touch()
    found = differing(chapter_trials(Chapters((tmp_path / "test_mine.py",), ("rate_bias=0.2",)), run))
    assert told in found[rule]


def test_a_whole_chapter_differs_in_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").touch()
    assert not differing(chapter_trials(Chapters((tmp_path / "test_mine.py",), ("rate_bias=0.2",)), made()))


def test_a_chapter_that_names_no_bad_pump_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").touch()
    found = differing(chapter_trials(Chapters((tmp_path / "test_mine.py",), ()), made()))
    assert set(found) == {"K-5"}
    assert "no bad pump is named" in found["K-5"]


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="there is no such file"):
        chapter_trials(chapters_in(tmp_path / "test_none.py", (), "", LIMIT_S), made())


def test_bad_pumps_that_are_one_text_are_refused_in_words(tmp_path: Path) -> None:
    source = (PACK / "pack.py").read_text(encoding="utf-8").replace('("rate_bias=0.2",)', '"rate_bias=0.2"')
    (tmp_path / "pack.py").write_text(source, encoding="utf-8")
    (tmp_path / "test_quarter.py").touch()
    with pytest.raises(PlanError, match=r"write bad_pumps=\('rate_bias=0\.2',\)"):
        chapters_of_pack(offered(tmp_path), None, (), "", LIMIT_S)


def test_a_command_that_goes_on_after_its_limit_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    ended = command_alone(["watch", "no-such-run"], tmp_path, {}, 0.2)
    assert ended.exit_code is None
    assert ended.left == ()
