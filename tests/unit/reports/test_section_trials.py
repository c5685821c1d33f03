# SPDX-License-Identifier: Apache-2.0
"""The conformance kit of report sections finds each way in which one may be wrong, and nothing in the example."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.conformance import Outcome
from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind, Offer
from reports import section_trials as kit
from reports.section_trials import section_trials

EXAMPLES = Path(__file__).parents[3] / "examples"
BAD = {
    "says nothing": ("return ''", {"S-1"}, "it says nothing"),
    "is no text": ("return None", {"S-1", "S-2", "S-3", "S-4", "S-5"}, "it returned None, no str"),
    "needs a test": ("return run.tests[0].started.node + '\\n'", {"S-2"}, "it raised IndexError"),
    "needs a beginning": ("return run.started.run_id", {"S-2"}, "it raised AttributeError"),
    "escapes nothing": ("return '# Run\\n' + run.reason", {"S-3"}, "as_text"),
    "asks a server": (
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/', timeout=1.0); return 'x'",
        {"S-1", "S-2", "S-3", "S-4", "S-5"},
        "called socket.",
    ),
    "asks and hides it": (
        "import socket\n  try: socket.create_connection(('127.0.0.1', 9), 1.0)\n  except OSError: return 'x'",
        {"S-4"},
        "called socket.",
    ),
    "starts a program": (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', '']); return 'x'",
        {"S-4"},
        "called subprocess.Popen",
    ),
    "lets the reader ask": ("return '![logo](https://lab.example/logo.png)'", {"S-4"}, "whoever opens it"),
    "counts its calls": (
        "IT.asked = getattr(IT, 'asked', 0) + 1; return f'{IT.asked}'",
        {"S-5"},
        "asked again it says otherwise",
    ),
}


def offered(folder: Path, code: str) -> Offer:
    (folder / "mine.py").write_text(f"class IT:\n def write(self, run):\n  {code}\n", encoding="utf-8")
    return Offer(Kind.REPORT, "mine", "mine.py:IT", "a test", folder)


def test_the_example_of_a_section_keeps_to_all_of_it() -> None:
    offer = Offer(Kind.REPORT, "deciding", "deciding_values.py:Deciding", "a test", EXAMPLES)
    assert {one.outcome for one in section_trials(offer, offer.load())} == {Outcome.OK}


@pytest.mark.parametrize("bad", BAD)
def test_each_rule_finds_the_section_that_breaks_it(bad: str, tmp_path: Path) -> None:
    code, rules, told = BAD[bad]
    offer = offered(tmp_path, code)
    findings = section_trials(offer, offer.load())
    differing = {one.rule.number: one.seen for one in findings if one.outcome is Outcome.DIFFERS}
    assert set(differing) == rules, differing
    assert any(told in seen for seen in differing.values()), differing


@pytest.fixture
def let_go(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    event = threading.Event()
    monkeypatch.setattr(kit, "LONGEST_S", 0.05)
    monkeypatch.setattr(threading, "let_go", event, raising=False)
    yield event
    event.set()


def test_a_section_that_hangs_is_given_up(tmp_path: Path, let_go: threading.Event) -> None:
    offer = offered(tmp_path, "import threading; threading.let_go.wait(30.0); return 'x'")
    findings = section_trials(offer, offer.load())
    assert {one.outcome for one in findings} == {Outcome.DIFFERS}
    assert findings[0].seen.endswith("write: it did not come back within 0.05 s")


def test_what_has_no_write_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("class IT: pass\n", encoding="utf-8")
    offer = Offer(Kind.REPORT, "mine", "mine.py:IT", "a test", tmp_path)
    with pytest.raises(PlanError, match="IT has no write"):
        section_trials(offer, offer.load())
