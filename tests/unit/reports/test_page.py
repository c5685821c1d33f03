# SPDX-License-Identifier: Apache-2.0
"""`report.html` answers an auditor's questions, whoever reads it by whatever means, and loads nothing."""

import base64
import hashlib
import json
import re
import shutil
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from bench.acceptance import Standing
from bench.journal import FORMAT
from bench.journal.lines import JournalOpened
from bench.trace import Requirements
from reports.page.protocol import protocol
from reports.run_views import write_views
from reports.summary import summarise
from tests.unit.reports.test_hostile_text import STEERS, hostile_run, text  # noqa: F401  # fixtures

KEPT = Path(__file__).parents[2] / "kept_journals" / "newer_column" / "journal.jsonl"
REQUIREMENTS = Path(__file__).parents[3] / "test_plans" / "requirements.toml"
VOID = {"meta", "br", "path", "rect"}


@dataclass
class Page(HTMLParser):
    """A page, taken apart."""

    source: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.unclosed.pop() == tag

    def handle_data(self, data):
        if self.unclosed[-1:] != ["style"]:
            self.texts.append(data)

    @property
    def shown(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def of(self, *names):
        return [attributes for tag, attributes in self.tags if tag in names]

    def values(self, name):
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def page_of(run):
    path = write_views(run.folder, summarise(run.folder))
    assert path == run.folder / "report.html"
    page = Page(path.read_text(encoding="utf-8"))
    assert not page.unclosed
    return page


@pytest.fixture
def baseline(tmp_path):
    """Puts the requirements into the run folder, as a run keeps them."""

    def put(run):
        shutil.copyfile(REQUIREMENTS, run.folder / "requirements.toml")
        return run

    return put


def start_test(run, node, *requirements):
    parts = [one.partition("@") for one in requirements]
    run.journal.write(
        "test-started",
        node=node,
        title=f"Title of {node}",
        purpose="Title.\n\nPurpose: to see.\n\nMethod: look\nclosely.\n\nAcceptance: it is there.",
        requirements=[{"id": name, "revision": int(revision)} for name, _, revision in parts],
        risk_controls=["RC-001"],
        chapter="delivery",
    )


def volume(run, name, start_s, end_s, value):
    """Write a weighed volume like one of a kept journal but for name, instants and value; return its id."""
    kept = (json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines())
    like = next(line["data"] for line in kept if line["kind"] == "volume")
    changed = {
        "start": {**like["start"], "time_s": start_s},
        "end": {**like["end"], "time_s": end_s},
        "quantity": {**like["quantity"], "value": value, "expanded_uncertainty": 0.5},
        "name": name,
    }
    ids = ("id", "test", "infusion", "start_mark", "end_mark")
    data = {name: given for name, given in like.items() if name not in ids} | changed
    return run.journal.write("volume", **data).id


@pytest.fixture
def good(run_of, baseline):
    run = baseline(run_of("a", "b"))
    start_test(run, "a", "DEL-001@1", "ALM-001@1")
    run.start(defects=["rate_bias=0.2"])
    for check, state in (("leak", "OK"), ("warm-up", "WARN")):
        run.journal.write(
            "event", what="preflight", title=check, check=check, state=state, seen=f"{check} seen",
            lower=None, upper=0.3, unit="kPa", next_step="wait",
        )  # fmt: skip
    for number in range(60):
        run.clock_s = 30.0 * number
        run.sample(kink_percent=100.0 if number < 20 else 0.0)
    window = volume(run, "after the kink", 900.0, 1770.0, 9.9)
    line = {"unit": "µL", "kind": "B", "dof": None, "sensitivity": 1.0, "distribution": "rectangular"}
    budget = [
        {"name": "drift", "value": 0.0, "standard_uncertainty": 0.2, "contribution": 0.2, **line},
        {"name": "evaporation", "value": 1.0, "standard_uncertainty": 0.15, "contribution": 0.15, **line},
    ]
    name = "after the kink: delivered volume"
    run.judge(
        "pass", name=name, value=9.9, expanded_uncertainty=0.5, lower=8.0, upper=12.0, budget=budget, window=window
    )
    run.end_test("a", "pass")
    start_test(run, "b", "DEL-002@1", "XXX-999@1")
    run.judge("pass", value=None, name="yes or no")
    run.end_test("b", "pass")
    run.end()
    return run


def test_the_page_loads_nothing_and_runs_nothing(good):
    page = page_of(good)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "embed", "image", "use"}
    assert not page.values("src")
    assert all(href.startswith("#") for href in page.values("href"))
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "style"]
    assert re.findall(r"url\((.*?)\)|@import", page.source) == ["#hatch"]


def test_a_strict_policy_allows_its_style_and_nothing_else(good):
    page = page_of(good)
    (policy,) = [meta["content"] for meta in page.of("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    style = page.source.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_every_link_leads_to_one_place_of_the_page(good):
    page = page_of(good)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.values("href")} <= set(ids)
    referred = [one for value in page.values("aria-labelledby") for one in value.split()]
    assert set(referred) <= set(ids)


def test_tables_have_captions_and_headers_that_say_what_they_are_for(good):
    page = page_of(good)
    assert page.source.count("<table") == page.source.count("<caption>") > 5
    assert all(header.get("scope") in {"col", "row"} for header in page.of("th"))


def test_headings_form_an_outline_and_the_landmarks_are_there(good):
    page = page_of(good)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.tags}
    assert page.of("html") == [{"lang": "en"}]
    skip = page.of("a")[0]
    assert (skip["class"], skip["href"]) == ("skip", "#main")


def test_a_picture_says_in_words_what_it_shows(good):
    page = page_of(good)
    (chart,) = [svg for svg in page.of("svg") if svg.get("role") == "img"]
    assert len(chart["aria-labelledby"].split()) == 2
    assert page.source.count("<title id=") == page.source.count("<desc id=") == 1
    assert "SIMULATED – continuous" in page.shown
    assert "Judged windows: a after the kink." in page.shown
    assert all(svg.get("aria-hidden") == "true" for svg in page.of("svg") if svg is not chart)


def test_what_was_not_judged_is_hatched_and_its_share_told(good):
    page = page_of(good)
    hatched = [box for box in page.of("rect") if box.get("class") == "unjudged"]
    assert len(hatched) == 2  # in the panels of volume and deviation, up to the beginning of the window
    assert "volume not judged" in page.shown
    assert "In the hatched part (51 % of the time) the plan judged no window" in page.shown


def test_a_deviation_is_drawn_only_within_its_window(good):
    page = page_of(good)
    (course,) = [path["d"] for path in page.of("path") if path.get("class") == "course"]
    begin = int(re.match(r"M(\d+) ", course)[1])
    (panel, *_) = [box for box in page.of("rect") if box.get("class") == "panel"]
    middle = float(panel["x"]) + float(panel["width"]) * 900 / 1770
    assert begin / 10 == pytest.approx(middle, abs=1.0)


def test_no_state_is_told_by_its_colour_alone(good):
    page = page_of(good)
    badges = re.findall(r'<span class="badge [^"]*"><span aria-hidden="true">(.)</span> ([A-Z ]+)</span>', page.source)
    assert {("✓", "PASS"), ("!", "WARN"), ("–", "UNCOVERED"), ("!", "ORPHAN")} <= set(badges)
    assert len(badges) == page.source.count('<span class="badge ')


def test_simulated_stands_in_the_title_and_on_top_and_the_defects_with_it(good):
    page = page_of(good)
    assert re.search("<title>SIMULATED – PASS – ", page.source)
    top = page.source.split("<header>")[1].split("</header>")[0]
    assert "<strong>SIMULATED</strong>" in top
    assert "Defects were put into the twin on purpose: rate_bias=0.2." in top


def test_the_evidence_of_a_real_bench_is_not_called_simulated(run_of):
    run = run_of("a")
    run.start(simulated=False)
    run.whole_test("a")
    run.end()
    assert "SIMULATED" not in page_of(run).shown


@pytest.mark.parametrize(
    ("commit", "told"),
    [("a" * 40 + "-modified", "tracked files differed from commit aaaaaaaaaaaa"), (None, "its commit is not known")],
)
def test_development_code_is_told_on_top(run_of, commit, told):
    run = run_of("a")
    run.start(software={"version": "0.1.0", "commit": commit})
    run.whole_test("a")
    run.end()
    top = page_of(run).source.split("<header>")[1].split("</header>")[0]
    assert "Made by development code" in top
    assert told in top


def test_released_code_is_not_called_development(run_of):
    run = run_of("a")
    run.start(software={"version": "0.1.0", "commit": "a" * 40})
    run.whole_test("a")
    run.end()
    assert "development code" not in page_of(run).shown


def test_what_failed_and_by_how_much_stands_among_the_five_questions(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.judge("fail", value=1200.0, name="cumulative volume")
    run.judge("pass", name="another")
    run.end_test("a", "fail", "too much")
    run.end()
    page = page_of(run)
    questions = Page(page.source.split('<section id="questions"')[1].split("</section>")[0]).shown
    assert "1 of 2 judgements are not PASS" in questions
    assert "1200.0 ± 2.0 µL, allowed 855 … 1145 µL. 55 µL above the upper limit (+137.9 ± 1.4 % of the way" in questions


def test_what_never_began_is_told_among_the_five_questions_and_below(run_of):
    run = run_of("a", "b", "c")
    run.start()
    run.whole_test("a")
    run.end()
    page = page_of(run)
    assert "2 collected tests never began." in page.shown
    below = page.source.split('<section id="left-out"')[1]
    assert "<li>b</li><li>c</li>" in below


def test_a_record_that_does_not_say_what_was_not_chosen_is_not_called_complete(good):
    assert page_of(good).shown.count("This record does not say which tests") >= 2


def test_a_run_that_was_cut_short_says_so(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    page = page_of(run)
    assert "the run was cut short" in page.shown
    assert "the run ended before this test did" in page.shown
    assert re.search("<title>SIMULATED – INVALID", page.source)


def test_a_journal_without_a_bench_still_gives_a_page(run_of):
    run = run_of("a")
    page = page_of(run)
    assert "No pump was identified" in page.shown
    assert "It is not known whether this evidence comes from a real pump" in page.shown


def state_of(page, requirement):
    row = page.source.split(f'id="req-{requirement}"')[1].split("</tr>")[0]
    return re.search(r"</span> ([A-Z ]+)</span>", row)[1]


def test_the_matrix_tells_the_state_of_each_requirement_and_both_ways(good):
    page = page_of(good)
    assert state_of(page, "DEL-001") == "PASS"
    assert state_of(page, "DEL-003") == "UNCOVERED"
    assert "The baseline does not have it." in page.shown  # XXX-999
    assert "Test by test: which requirements it is evidence for" in page.shown
    assert "Risk control by risk control" in page.shown


def test_a_requirement_is_no_better_than_the_end_of_its_test(run_of, baseline):
    """A test whose only judgement passed and that broke off then has shown nothing."""
    run = baseline(run_of("a"))
    run.start()
    start_test(run, "a", "DEL-001@1")
    run.judge("pass")
    run.end_test("a", "blocked", "the balance fell silent")
    run.end()
    assert state_of(page_of(run), "DEL-001") == "BLOCKED"


def test_a_requirement_that_was_judged_by_another_revision_is_stale(run_of, baseline):
    run = baseline(run_of("a"))
    run.start()
    start_test(run, "a", "DEL-001@7")
    run.judge("pass")
    run.end_test("a", "pass")
    run.end()
    assert state_of(page_of(run), "DEL-001") == "STALE"


def cited(run, name):
    """Return a requirement of the run's own baseline as a judgement cites it."""
    one = Requirements.load(run.folder / "requirements.toml").get(name)
    return {"id": one.id, "revision": one.revision, "text_sha256": one.text_sha256}


def test_a_requirement_whose_text_was_changed_since_is_stale(run_of, baseline):
    run = baseline(run_of("a"))
    run.start()
    start_test(run, "a", "DEL-001@1")
    cited = [{"id": "DEL-001", "revision": 1, "text_sha256": "0" * 64}]
    run.journal.write("judgement-declared", name="whole time", requirements=cited)
    run.judge("pass", declared="whole time", requirements=cited)
    run.end_test("a", "pass")
    run.end()
    assert state_of(page_of(run), "DEL-001") == "STALE"


def test_a_judgement_counts_only_for_the_requirements_that_it_names(run_of, baseline):
    run = baseline(run_of("a"))
    run.start()
    start_test(run, "a", "DEL-001@1", "DEL-002@1")
    run.journal.write("judgement-declared", name="whole time", requirements=[cited(run, "DEL-001")])
    run.judge("pass", declared="whole time", requirements=[cited(run, "DEL-001")])
    run.end_test("a", "pass")
    run.end()
    page = page_of(run)
    assert [state_of(page, one) for one in ("DEL-001", "DEL-002")] == ["PASS", "UNCOVERED"]
    assert "This record ties judgements to tests" not in page.shown


def test_what_was_declared_and_not_judged_is_no_pass(run_of, baseline):
    run = baseline(run_of("a"))
    run.start()
    start_test(run, "a", "DEL-001@1", "DEL-002@1")
    for name, one in (("whole time", "DEL-001"), ("mean rate", "DEL-002")):
        run.journal.write("judgement-declared", name=name, requirements=[cited(run, one)])
    run.judge("pass", name="whole time: volume", declared="whole time", requirements=[cited(run, "DEL-001")])
    run.end_test("a", "blocked", "the balance fell silent")
    run.end()
    page = page_of(run)
    assert [state_of(page, one) for one in ("DEL-001", "DEL-002")] == ["PASS", "BLOCKED"]


def test_tests_that_were_left_out_are_told_with_the_reason_and_their_requirements_are_not_called_uncovered(
    run_of, baseline
):
    run = baseline(run_of("a"))
    judges = [("DEL-001", "b", True), ("DEL-002", "c", False)]
    left_out = [
        {"node": node, "reason": f"reason of {node}", "applicable": applicable,
         "judges": [{"name": "volume", "requirements": [one]}]}
        for one, node, applicable in judges
    ]  # fmt: skip
    (run.folder / "collected.json").write_text(json.dumps({"tests": ["a"], "left_out": left_out}), encoding="utf-8")
    run.start()
    start_test(run, "a", "ALM-001@1")
    run.judge("pass")
    run.end_test("a", "pass")
    run.end()
    page = page_of(run)
    assert [state_of(page, one) for one in ("DEL-001", "DEL-002")] == ["NOT RUN", "NOT APPLICABLE"]
    assert "2 tests were left out , each with its reason." in page.shown
    section = page.source.split('<section id="left-out"')[1]
    assert "<li>reason of c:\n<ul><li><code>c</code></li></ul></li>" in section
    assert section.index("reason of b:") < section.index("<code>b</code>") < section.index("reason of c:")


def test_an_input_that_was_changed_since_the_run_began_is_named(run_of, baseline):
    run = baseline(run_of("a"))
    run.journal.put(JournalOpened(format=str(FORMAT), inputs={"requirements.toml": "0" * 64}))
    run.start()
    run.whole_test("a")
    run.end()
    shown = page_of(run).shown
    assert f"changed since the run began, which had {'0' * 64}" in shown
    assert "This record keeps no hashes" not in shown


def test_a_budget_is_a_table_with_the_greatest_contribution_first(good):
    page = page_of(good)
    table = page.source.split('<table class="budget">')[1].split("</table>")[0]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table)
    assert [name for name, _ in rows] == ["drift", "evaporation"]
    cells = re.findall(r"<td>(.*?)(?: <svg.*?)?</td>", rows[0][1])
    assert cells == ["0 µL", "0.2 µL", "B", "rectangular", "∞", "1", "0.2", "64 %"]
    assert '<rect width="64.0"' in rows[0][1]


def test_a_protocol_is_shown_by_its_parts():
    found = protocol("Title.\n\nPurpose: to see: this.\n\nMethod: look\nclosely.\n\nPlain text, no: heading.")
    assert [(one.heading, one.text) for one in found] == [
        ("Purpose", "to see: this."),
        ("Method", "look closely."),
        ("", "Plain text, no: heading."),
    ]


def test_inputs_are_named_with_their_hashes(good):
    digest = hashlib.sha256((good.folder / "requirements.toml").read_bytes()).hexdigest()
    assert digest in page_of(good).shown


def test_checks_of_the_bench_that_are_not_ok_are_told_on_top(good):
    assert "1 of 2 checks before and after are not OK : warm-up WARN" in page_of(good).shown


def test_hostile_text_is_shown_and_obeyed_nowhere(hostile_run):  # noqa: F811
    hostile_run.journal.write("event", what="preflight", title="x", check="c", state="</td>", seen="s",
                              lower=None, upper=None, unit="<b>")  # fmt: skip
    page = page_of(hostile_run)
    assert not {tag for tag, _ in page.tags} & {"script", "img"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not STEERS & set(page.source)
    assert all(href.startswith("#") for href in page.values("href"))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_pair_of_colours_has_the_contrast_that_text_needs(good):
    style = page_of(good).source.split("<style>")[1].split("</style>")[0].replace("#fff;", "#ffffff;")
    style = re.sub(r"#([0-9a-f])([0-9a-f])([0-9a-f])(?![0-9a-f])", r"#\1\1\2\2\3\3", style)
    pairs = []
    for body in re.findall(r"\{([^{}]*)\}", style):
        back, front = re.search(r"background:(#\w{6})", body), re.search(r"(?:^|;)color:(#\w{6})", body)
        if back and front:
            pairs.append((back[1], front[1]))
    assert len(pairs) >= 6
    assert not [pair for pair in pairs if contrast(*pair) < 4.5]
    on_white = re.findall(r"--(?:ink|minor|link):(#\w{6})", style)
    assert len(on_white) == 3
    assert not [one for one in on_white if contrast(one, "#f4f6f8") < 4.5]


def test_what_passed_unasked_is_a_line_each_and_what_did_not_or_is_the_closest_is_in_full(run_of, baseline):
    run = baseline(run_of("a"))
    start_test(run, "a", "DEL-001@1")
    run.start()
    line = {"unit": "µL", "kind": "B", "dof": None, "sensitivity": 1.0, "distribution": "rectangular"}
    values = {"pass": (9.0, 10.0, 11.2), "fail": (19.0,)}
    for verdict, given in values.items():
        for value in given:
            budget = [
                {"name": "drift at 10 s", "value": value, "standard_uncertainty": 0.25, "contribution": 0.25, **line},
                {"name": "humidity", "value": 1.0, "standard_uncertainty": 1e-4, "contribution": 1e-4, **line},
            ]
            run.judge(
                verdict, name=f"phase of {value:g}", declared=Standing.PHASES.words, value=value,
                expanded_uncertainty=0.5, lower=8.0, upper=12.0, budget=budget,
            )  # fmt: skip
    run.end_test("a", "fail")
    run.end()
    source = page_of(run).source
    brief = source.split('<table class="brief">')[1].split("</table>")[0]
    full = source.split('class="cards judgements">')[1].split("</table>")[0]
    assert re.findall(r'id="(J-\d+)"', brief) == ["J-0001", "J-0002"]
    assert re.findall(r'id="(J-\d+)"', full) == ["J-0003", "J-0004"]
    assert "<td>phase of 9</td><td>9.00 ± 0.50 µL</td>" in brief
    assert "<td>8 … 12</td>" in brief
    assert "2 × every phase is accounted for" in brief
    (contributions,) = re.findall(r'<tr id="test-1-budget-1"><th scope="row">J-0001</th>(.*?)</tr>', source)
    assert re.findall("<td>(.*?)</td>", contributions) == ["0.5", "0.25", "0.25", "0.0001"]
    assert "Under 0.05 % of u² each: humidity 0.0001" in source


def test_the_bench_time_of_several_twins_is_added_up_on_page_and_in_the_summary(run_of, baseline):
    run = baseline(run_of("a", "b"))
    for node, occasion, hours in (("a", "delivery", 30), ("b", "kink", 2)):
        run.clock_s = 0.0  # a chapter's own twin begins anew; the test's line stands before that of its bench
        start_test(run, node, "DEL-001@1")
        run.start(occasion=occasion, own_twin=True)
        run.clock_s = 3600.0 * hours
        run.judge("pass")
        run.end_test(node, "pass")
    run.end()
    page = page_of(run)
    assert json.loads((run.folder / "summary.json").read_text(encoding="utf-8"))["bench_time_s"] == 32 * 3600
    assert "in 32 h of bench time on 2 benches" in page.shown
    assert "32 h in all, begun anew on each of 2 benches" in page.shown
    assert "began 30 h into the run" in page.shown  # the second test


def test_the_bench_time_of_one_bench_is_that_of_its_last_line(good):
    page = page_of(good)
    assert json.loads((good.folder / "summary.json").read_text(encoding="utf-8"))["bench_time_s"] == 1770.0
    assert "from 2026-01-01 00:00:00 to 2026-01-01 00:29:30 UTC" in page.shown
