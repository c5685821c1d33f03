# SPDX-License-Identifier: Apache-2.0
"""Edits of a finished run folder, as somebody makes them who wants it to say something else.

Whoever edits the journal makes its chain of hashes anew, binds changed inputs by their new hashes, and makes summary,
samples and Allure results anew, so that nothing but the journal itself can show the edit.
"""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.journal.journal_chain import Chain
from bench.journal.lines import InfusionStarted, Sample, TestStarted
from bench.run import input_hashes
from groundfloor.errors import BenchFault, PlanError
from reports import samples_parquet
from reports.allure_statuses import rebuild_allure
from reports.derived_files import rebuild_tables
from reports.summary import summarise

Entries = list[dict[str, Any]]
Edit = Callable[[Path, random.Random], str]
"""Changes a run folder and returns what it did, in words."""


def entries_of(folder: Path) -> Entries:
    return [json.loads(line) for line in (folder / "journal.jsonl").read_bytes().splitlines()]


def rewritten(folder: Path, entries: Entries) -> None:
    """Write a journal whose chain is whole, bind the inputs that stand there now, and make all that comes of it.

    Tables of samples are left as they are where nothing that they are made of was changed.
    """
    same_samples = _of_samples(entries) == _of_samples(entries_of(folder))
    for entry in entries:
        if entry["kind"] == "journal-opened":
            entry["data"]["inputs"] = input_hashes(folder)
    chain, lines = Chain(), []
    for entry in entries:
        lines.append(chain.line(entry["t"], entry["kind"], entry["data"]))
        chain.follow(lines[-1])
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
    try:
        rebuild_allure(folder, summarise(folder))
        if not same_samples:
            samples_parquet.write(folder)
            rebuild_tables(folder)
    except (BenchFault, PlanError):  # what cannot be read is refused without them, too
        pass


def _of_samples(entries: Entries) -> list[tuple[object, object, object]]:
    """Return what the tables of samples are made of, as `reports/samples_parquet.py` and `derived_files.py` read it."""
    kinds = {Sample.kind, InfusionStarted.kind, TestStarted.kind}
    return [(one["t"], one["kind"], one["data"]) for one in entries if one["kind"] in kinds]


def of_kind(entries: Entries, *kinds: str) -> Entries:
    return [entry for entry in entries if entry["kind"] in kinds]


def measured(entries: Entries) -> Entries:
    return [one for one in of_kind(entries, "judgement") if one["data"]["value"] is not None]


def _journal_edit(change: Callable[[Entries, random.Random], str]) -> Edit:
    def edit(folder: Path, dice: random.Random) -> str:
        entries = entries_of(folder)
        told = change(entries, dice)
        rewritten(folder, entries)
        return f"journal, chained anew: {told}"

    return edit


def _flip_a_verdict(entries: Entries, dice: random.Random) -> str:
    data = dice.choice(of_kind(entries, "judgement"))["data"]
    others = [one for one in ("PASS", "FAIL", "INCONCLUSIVE", "BLOCKED") if one != data["verdict"]]
    data["verdict"] = dice.choice(others)
    return f"verdict of {data['id']} to {data['verdict']}"


def _change_a_figure(entries: Entries, dice: random.Random) -> str:
    data = dice.choice(measured(entries))["data"]
    names = ["value", "expanded_uncertainty", "lower", "upper", "coverage_factor", "uncertainty_ratio"]
    name = dice.choice([one for one in names if data[one] is not None])
    data[name] = data[name] * dice.choice([0.5, 0.9, 1.01, 1.1, 3.0]) + dice.choice([0.0, 0.5])
    return f"{name} of {data['id']}"


def _pass_consistently(entries: Entries, dice: random.Random) -> str:
    """Let what did not pass pass: value and verdict changed together, and the end of the test."""
    worse = [one["data"] for one in measured(entries) if one["data"]["verdict"] != "PASS"]
    for data in worse:
        edges = [one for one in (data["lower"], data["upper"]) if one is not None]
        data["value"] = (
            sum(edges) / 2 if len(edges) == 2 else 3 * edges[0] if data["lower"] is not None else 0.1 * edges[0]
        )
        data |= {"verdict": "PASS", "reason": f"{data['name']} is inside"}
    for one in of_kind(entries, "test-ended"):
        one["data"] |= {"verdict": "PASS", "reason": "every judgement passed"}
    if dice.random() < 0.5:
        for data in worse:
            data |= {"uncertainty_ratio": None, "conformance_probability": None}
    return "values and verdicts of all that did not pass, and the test's end"


def _take_out_a_line(entries: Entries, dice: random.Random) -> str:
    kinds = ("judgement", "judgement-declared", "volume", "test-ended", "test-started", "infusion-started")
    entry = dice.choice(of_kind(entries, *kinds))
    entries.remove(entry)
    for number, other in enumerate(entries):
        other["seq"] = number
    return f"{entry['kind']} {entry['data'].get('id', '')} taken out"


def _take_out_what_failed(entries: Entries, dice: random.Random) -> str:
    """Take out what did not pass, number the rest anew, and let the test pass."""
    failed = [one for one in of_kind(entries, "judgement") if one["data"]["verdict"] != "PASS"]
    names = {one["data"]["declared"] for one in failed}
    also = of_kind(entries, "judgement-declared") if dice.random() < 0.5 else []
    gone = failed + [one for one in also if one["data"]["name"] in names]
    entries[:] = [one for one in entries if not any(one is other for other in gone)]
    for kind, prefix in (("judgement", "J"), ("judgement-declared", "D")):
        for number, one in enumerate(of_kind(entries, kind), 1):
            one["data"]["id"] = f"{prefix}-{number:04d}"
    for one in of_kind(entries, "test-ended"):
        one["data"] |= {"verdict": "PASS", "reason": "every judgement passed"}
    return f"{len(gone)} lines of what did not pass taken out, ids counted anew"


def _take_out_the_test(entries: Entries, dice: random.Random) -> str:
    del dice
    begin = entries.index(of_kind(entries, "test-started")[0])
    end = entries.index(of_kind(entries, "test-ended")[-1])
    del entries[begin : end + 1]
    return "the test taken out"


def _rewrite_the_end(entries: Entries, dice: random.Random) -> str:
    data = of_kind(entries, "test-ended")[0]["data"]
    data |= {"verdict": dice.choice(["PASS", "INCONCLUSIVE", "BLOCKED"]), "reason": dice.choice(
        ["every judgement passed", "bench: judge: it was windy", "the balance was silent"])}  # fmt: skip
    return f"the test's end to {data['verdict']}, {data['reason']}"


def _bind_elsewhere(entries: Entries, dice: random.Random) -> str:
    data = dice.choice(of_kind(entries, "judgement", "judgement-declared"))["data"]
    data["requirements"] = dice.choice([[], [{"id": "DEL-001", "revision": 1, "text_sha256": "0" * 64}]])
    return f"requirements of {data['id']}"


def _weigh_again(entries: Entries, dice: random.Random) -> str:
    marks = [one for one in of_kind(entries, "event") if one["data"].get("what") == "mark"]
    if dice.random() < 0.5:
        data = dice.choice(of_kind(entries, "volume"))["data"]
        data[dice.choice(["start", "end"])]["mass_g"] += 0.005
        return f"mass of {data['id']}"
    data = dice.choice(marks)["data"]
    data["result"]["mass"]["mass_g"] += 0.005
    return f"mass of {data['id']}"


def _other_volume(entries: Entries, dice: random.Random) -> str:
    data = dice.choice(of_kind(entries, "volume"))["data"]
    name = dice.choice(["value", "standard_uncertainty", "expanded_uncertainty"])
    data["quantity"][name] *= 1.05
    return f"{name} of {data['id']}"


def _other_rule(entries: Entries, dice: random.Random) -> str:
    data = dice.choice(measured(entries))["data"]
    data["rule"] = dice.choice(
        ["simple acceptance, ILAC-G8:09/2019 (false accept up to 50 % at a limit)", "yes or no", "kindness"]
    )
    data["verdict"] = "PASS" if dice.random() < 0.5 else data["verdict"]
    return f"rule of {data['id']} to {data['rule']}"


def _no_budget(entries: Entries, dice: random.Random) -> str:
    data = dice.choice(measured(entries))["data"]
    if dice.random() < 0.5:
        data["budget"] = []
        return f"budget of {data['id']} emptied"
    dice.choice(data["budget"])["standard_uncertainty"] *= 0.1
    return f"a line of the budget of {data['id']}"


def _wider_limits_everywhere(entries: Entries, dice: random.Random) -> str:
    """Widen what was declared and what was judged alike, and judge by it."""
    for one in of_kind(entries, "judgement", "judgement-declared"):
        data = one["data"]
        if data["lower"] is not None and data["upper"] is not None:
            middle, half = (data["lower"] + data["upper"]) / 2, (data["upper"] - data["lower"]) / 2
            data |= {"lower": middle - 5 * half, "upper": middle + 5 * half}
            if one["kind"] == "judgement":
                data |= {"verdict": "PASS"}
    if dice.random() < 0.5:
        of_kind(entries, "test-ended")[0]["data"] |= {"verdict": "PASS", "reason": "every judgement passed"}
    return "limits five times as wide, declared and judged"


def _say_otherwise_what_ran(entries: Entries, dice: random.Random) -> str:
    data = of_kind(entries, "run-started")[0]["data"]
    name, value = dice.choice([("simulated", False), ("profile", "implantable-40ml"), ("decision_rule", "kindness")])
    data[name] = value
    return f"run-started: {name}"


def _reword(entries: Entries, dice: random.Random) -> str:
    entry = dice.choice([one for one in entries if "title" in one["data"]])
    entry["data"]["title"] = "It went very well"
    return f"a title in a line of kind {entry['kind']}"


JOURNAL_EDITS = tuple(map(_journal_edit, (
    _flip_a_verdict, _change_a_figure, _pass_consistently, _take_out_a_line, _take_out_what_failed, _take_out_the_test,
    _rewrite_the_end, _bind_elsewhere, _weigh_again, _other_volume, _other_rule, _no_budget, _wider_limits_everywhere,
    _say_otherwise_what_ran, _reword,
)))  # fmt: skip


def _bytes_of_the_journal(folder: Path, dice: random.Random) -> str:
    return _other_byte(folder, folder / "journal.jsonl", dice)


def _lines_cut_off(folder: Path, dice: random.Random) -> str:
    path = folder / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    kept = dice.randrange(1, len(lines))
    path.write_bytes(b"".join(lines[:kept]))
    return f"journal cut off behind line {kept}"


def _other_byte(folder: Path, path: Path, dice: random.Random) -> str:
    content = bytearray(path.read_bytes())
    place = dice.randrange(len(content))
    content[place] = (content[place] + dice.randrange(1, 255)) % 256
    path.write_bytes(content)
    return f"byte {place} of {path.relative_to(folder)}"


def _an_input(folder: Path, dice: random.Random) -> str:
    names = ["bench.toml", "profile.toml", "requirements.toml", "environment.lock", "collected.json", "maps/pump.toml"]
    path = folder / dice.choice(names)
    if dice.random() < 0.2:
        path.unlink()
        return f"{path.name} deleted"
    return _other_byte(folder, path, dice)


def _an_input_bound_anew(folder: Path, dice: random.Random) -> str:
    """Change what counts in an input, and bind it by its new hash."""
    name, old, new = dice.choice([
        ("requirements.toml", "shall", "should"), ("requirements.toml", "revision = 1", "revision = 3"),
        ("collected.json", "LEK-001", "DEL-001"), ("collected.json", "commands are accepted", "nothing"),
        ("profile.toml", 'name = "', 'name = "other-'),
    ])  # fmt: skip
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, (name, old)
    path.write_text(text.replace(old, new), encoding="utf-8")
    rewritten(folder, entries_of(folder))
    return f"{name}, bound anew: {old!r} to {new!r}"


def _the_summary(folder: Path, dice: random.Random) -> str:
    path = folder / "summary.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    where: Any = content
    told = []
    while isinstance(where, dict | list) and where:
        key: Any = dice.choice(sorted(where)) if isinstance(where, dict) else dice.randrange(len(where))
        told.append(str(key))
        if not (isinstance(where[key], dict | list) and where[key]):
            where[key] = {"changed": True}
            break
        where = where[key]
    path.write_text(json.dumps(content), encoding="utf-8")
    return f"summary.json: {'.'.join(told)}"


def _an_allure_result(folder: Path, dice: random.Random) -> str:
    path = dice.choice(sorted((folder / "allure-results").glob("*-result.json")))
    content = json.loads(path.read_text(encoding="utf-8"))
    what = dice.choice(["status", "label", "deleted", "doubled", "foreign"])
    match what:
        case "status":
            content["status"] = dice.choice(["passed", "broken", "skipped"])
        case "label":
            content["labels"] = [one for one in content["labels"] if one["name"] != "verdict"]
        case "foreign":
            content |= {"fullName": "test_plans.test_other#test_that_passed", "status": "passed"}
            path = path.with_name("00000000-0000-4000-8000-000000000000-result.json")
        case "doubled":
            path = path.with_name("00000000-0000-4000-8000-000000000000-result.json")
    if what == "deleted":
        path.unlink()
    else:
        path.write_text(json.dumps(content), encoding="utf-8")
    return f"Allure result {what}"


def _the_samples(folder: Path, dice: random.Random) -> str:
    return _other_byte(folder, dice.choice([folder / "samples.parquet", *(folder / "samples").glob("*.csv")]), dice)


def _a_strange_file(folder: Path, dice: random.Random) -> str:
    name = dice.choice(["note.txt", "maps/other.toml", "plans/test_plans/test_easy.py", "journal.jsonl.bak"])
    (folder / name).write_text("hello\n", encoding="utf-8")
    return f"{name} added"


def _a_derived_file_gone(folder: Path, dice: random.Random) -> str:
    path = folder / dice.choice(["summary.json", "samples.parquet"])
    path.unlink()
    return f"{path.name} deleted"


FILE_EDITS: tuple[Edit, ...] = (
    _bytes_of_the_journal, _lines_cut_off, _an_input, _an_input_bound_anew, _the_summary, _an_allure_result,
    _the_samples, _a_strange_file, _a_derived_file_gone,
)  # fmt: skip
