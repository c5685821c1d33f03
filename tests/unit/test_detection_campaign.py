# SPDX-License-Identifier: Apache-2.0
"""The campaign of the whole protocol: what it tries, what must not be, what it keeps, and the page of it."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from instruments.simulated.specimen.defect import Asset
from instruments.simulated.specimen.defects import DEFECTS
from instruments.simulated.twin.twin import Twin
from tests.campaigns.detection.claims import FILES, with_claim, write_claims
from tests.campaigns.detection.detection_page import page
from tests.campaigns.detection.kept_figures import keep, kept
from tests.campaigns.detection.kept_outcomes import KeptOutcomes
from tests.campaigns.detection.outcome import LOST, Outcome
from tests.campaigns.detection.pairs import ALIKE, NOT_KNOWABLE, NOT_TRIED, PAIRS
from tests.campaigns.detection.parts import WHOLE, can_no_longer_pass, in_order, parts_of
from tests.campaigns.detection.showing import claim_differs, differences
from tests.campaigns.detection.trial import Group, Trial
from tests.campaigns.detection.trials import GOOD_SPECIMENS, IN_A_MONTH, OUT_OF_REACH, may_pass, surprise, trials
from tests.campaigns.detection.whole_outcome import WholeOutcome

DOCS = Path(__file__).parents[2] / "docs"


def ended(trial: Trial, verdict: str, *reddened: str, code: str = "c0de", **counts: int) -> Outcome:
    return Outcome(
        group=trial.group,
        name=trial.name,
        chapter=trial.chapter,
        test=trial.test,
        code=code,
        verdict=verdict,
        exit_code=0,
        reddened=reddened,
        counts=counts,
    )


BAD_PUMP = Trial(Group.DEFECT, ("rate_bias=0.2",))
BAD_BALANCE = Trial(Group.DEFECT, ("noisy_balance=5",))
GOOD = Trial(Group.GOOD, seed=7)
PAIR = Trial(Group.PAIR, next(iter(PAIRS)))
NOBODY_KNOWS = Trial(Group.PAIR, next(iter(NOT_KNOWABLE)))
SMALLER = Trial(Group.MAGNITUDE, ("burst_in_1_s_ul=10",))


def test_the_catalogue_holds_at_least_sixty_bad_pumps_and_thirty_five_bad_instruments() -> None:
    of_each = [sum(defect.asset is asset for defect in DEFECTS.values()) for asset in Asset]
    assert of_each[0] >= 60
    assert of_each[1] >= 35


def test_every_defect_is_tried_once_and_every_good_specimen_is_another_one() -> None:
    in_a_month = {one.name for one in DEFECTS.values() if one.shows.chapter == IN_A_MONTH}
    tried = [trial.name.partition("=")[0] for trial in trials([Group.DEFECT])]
    assert tried == [name for name in DEFECTS if name not in in_a_month]
    assert len({trial.seed for trial in trials([Group.GOOD])}) == GOOD_SPECIMENS == 40


@pytest.mark.parametrize("group", Group)
def test_every_trial_has_a_name_of_its_own_and_a_twin_that_can_be_built(group: Group) -> None:
    of_group = trials([group])
    assert len({trial.name for trial in of_group}) == len(of_group)
    for trial in of_group:
        Twin.assemble(seed=trial.seed, defects=trial.defects)


def test_at_least_twelve_pairs_hide_a_bad_pump_behind_a_bad_instrument() -> None:
    assert len(PAIRS) >= 12
    for pump, *instruments in [*PAIRS, *NOT_KNOWABLE]:
        assert DEFECTS[pump.partition("=")[0]].asset is Asset.PUMP
        assert {DEFECTS[one.partition("=")[0]].asset for one in instruments} == {Asset.INSTRUMENT}


def test_a_bad_pump_that_no_chapter_reaches_is_one_that_the_catalogue_says_passes_and_no_other_does() -> None:
    passes = {one.name for one in DEFECTS.values() if one.asset is Asset.PUMP and one.shows.ends == "PASS"}
    assert passes == set(OUT_OF_REACH)


@pytest.mark.parametrize(
    ("trial", "verdict", "why"),
    [
        (BAD_PUMP, "PASS", None),
        (BAD_PUMP, "FAIL", None),
        (BAD_PUMP, LOST, "it left no summary, exit code 0"),
        (BAD_PUMP, "INCONCLUSIVE", None),
        (SMALLER, "PASS", None),
        (BAD_BALANCE, "FAIL", "a good pump failed by a bad instrument"),
        (BAD_BALANCE, "PASS", None),
        (GOOD, "FAIL", "a good pump failed"),
        (GOOD, "INCONCLUSIVE", None),
        (PAIR, "FAIL", None),
        (Trial(Group.MAGNITUDE, (next(iter(ALIKE)),)), "FAIL", None),
        (GOOD, LOST, "it left no summary, exit code 0"),
    ],
)
def test_what_must_not_be_is_a_surprise(trial: Trial, verdict: str, why: str | None) -> None:
    assert surprise(trial, ended(trial, verdict)) == why


def whole(trial: Trial, *verdicts: str) -> WholeOutcome:
    made = zip(parts_of(trial), verdicts, strict=False)
    return WholeOutcome.of([ended(part, verdict) for part, verdict in made])


def all_passed(trial: Trial) -> WholeOutcome:
    return whole(trial, *["PASS"] * len(parts_of(trial)))


@pytest.mark.parametrize("bad", [BAD_PUMP, PAIR])
def test_a_bad_pump_that_passes_each_part_is_a_surprise_and_one_that_is_not_at_its_end_is_none(bad: Trial) -> None:
    assert all_passed(bad).surprises() == ["a bad pump passed the whole protocol"]
    begun = whole(bad, "PASS", "PASS")
    assert (begun.is_over, begun.verdict, begun.surprises()) == (False, "PASS", [])
    blocked = whole(bad, "PASS", "BLOCKED")
    assert (blocked.is_over, blocked.verdict, blocked.surprises()) == (True, "BLOCKED", [])


@pytest.mark.parametrize("harmless", [BAD_BALANCE, GOOD, NOBODY_KNOWS, SMALLER])
def test_what_may_pass_each_part_is_no_surprise(harmless: Trial) -> None:
    assert may_pass(harmless)
    assert (all_passed(harmless).is_over, all_passed(harmless).surprises()) == (True, [])


def test_a_good_pump_is_never_at_its_end_before_each_part_was_made_and_a_failed_part_is_named() -> None:
    found = whole(BAD_BALANCE, "PASS", "FAIL")
    assert (found.is_over, found.verdict) == (False, "FAIL")
    assert found.surprises() == [f"a good pump failed by a bad instrument in {WHOLE[1]}"]


def test_the_first_part_of_a_bad_pump_is_the_test_that_shows_it_and_all_chapters_follow() -> None:
    first, *others = parts_of(BAD_PUMP)
    shows = DEFECTS["rate_bias"].shows
    assert (first.chapter, first.test) == (shows.chapter, shows.test)
    assert [part.chapter for part in others] == list(WHOLE) == [part.chapter for part in parts_of(GOOD)]
    assert len(WHOLE) >= 20


def test_parts_come_by_lot_behind_those_that_show_a_defect_and_before_those_that_were_made_before() -> None:
    drawn = in_order([GOOD, BAD_BALANCE, BAD_PUMP], [])
    assert (drawn[0].name, drawn[0].chapter) == ("rate_bias=0.2", "delivery")
    assert len(drawn) == len({part.key for part in drawn}) == 3 * len(WHOLE) + 1
    assert {part.name for part in drawn[1:13]} == {"seed 7", "noisy_balance=5", "rate_bias=0.2"}
    again = in_order([GOOD, BAD_BALANCE, BAD_PUMP], [ended(drawn[1], "PASS")])
    assert again == [drawn[0], *drawn[2:], drawn[1]]


def test_no_more_is_made_of_a_bad_pump_that_did_not_pass_and_all_of_a_good_one() -> None:
    part = BAD_PUMP.part("kink")
    assert can_no_longer_pass(part, [ended(BAD_PUMP.part("leak"), "FAIL")])
    assert not can_no_longer_pass(part, [ended(BAD_PUMP.part("leak"), "PASS"), ended(GOOD.part("leak"), "FAIL")])
    assert not can_no_longer_pass(GOOD.part("kink"), [ended(GOOD.part("leak"), "FAIL")])


def test_a_trial_is_asked_for_by_its_name_a_defect_of_it_or_its_seed() -> None:
    assert all(BAD_PUMP.is_called(name) for name in ("rate_bias=0.2", "rate_bias"))
    assert not any(BAD_PUMP.is_called(name) for name in ("rate", "1"))
    assert all(PAIR.is_called(defect) for defect in PAIR.defects)
    assert GOOD.is_called("7")
    assert not Trial(Group.GOOD, seed=17).is_called("7")


def test_a_campaign_goes_on_where_it_stopped_and_a_torn_last_line_is_made_again(tmp_path: Path) -> None:
    outcomes = KeptOutcomes(tmp_path / "detection.jsonl")
    outcomes.append(ended(BAD_PUMP, "FAIL", "DEL-003"))
    outcomes.append(ended(GOOD, "PASS"))
    with (tmp_path / "detection.jsonl").open("ab") as file:
        file.write(b'{"group":"defect","name":"noisy_bal')
    assert outcomes.outstanding([BAD_PUMP, BAD_BALANCE, GOOD], "c0de") == [BAD_BALANCE]
    outcomes.append(ended(BAD_BALANCE, "BLOCKED"))
    assert outcomes.outstanding([BAD_PUMP, BAD_BALANCE, GOOD], "c0de") == []
    assert [one.verdict for one in outcomes.of([GOOD, BAD_PUMP, BAD_BALANCE])] == ["PASS", "FAIL", "BLOCKED"]


def test_outcomes_of_other_code_are_made_again_and_the_last_one_counts(tmp_path: Path) -> None:
    outcomes = KeptOutcomes(tmp_path / "detection.jsonl")
    outcomes.append(ended(BAD_PUMP, "PASS", code="old"))
    assert outcomes.outstanding([BAD_PUMP], "new") == [BAD_PUMP]
    outcomes.append(ended(BAD_PUMP, "FAIL", code="new"))
    assert outcomes.outstanding([BAD_PUMP], "new") == []
    assert [one.verdict for one in outcomes.of([BAD_PUMP])] == ["FAIL"]


def test_a_part_is_kept_beside_what_was_kept_before_and_one_that_is_made_again_counts_as_the_last_time(
    tmp_path: Path,
) -> None:
    keep(
        [ended(BAD_PUMP.part("delivery", "high"), "FAIL", "DEL-003"), ended(BAD_BALANCE.part("kink"), "BLOCKED")],
        tmp_path,
    )
    keep([ended(BAD_BALANCE.part("leak"), "PASS"), ended(BAD_BALANCE.part("kink"), "PASS")], tmp_path)
    pump, balance = kept(tmp_path, Group.DEFECT)
    assert (pump.name, pump.verdict, pump.is_over, pump.reddened) == ("rate_bias=0.2", "FAIL", True, ["DEL-003"])
    assert (balance.name, {name: part.verdict for name, part in balance.parts.items()}) == (
        "noisy_balance=5", {"kink": "PASS", "leak": "PASS"}
    )  # fmt: skip
    assert kept(tmp_path, Group.GOOD) == []


def test_a_part_of_a_chapter_that_is_no_more_is_dropped(tmp_path: Path) -> None:
    keep([ended(GOOD.part("kink"), "PASS"), ended(GOOD.part("of_old"), "FAIL")], tmp_path)
    (good,) = kept(tmp_path, Group.GOOD)
    assert list(good.parts) == ["kink"]


def test_a_claim_that_is_not_true_is_told_as_a_change_of_its_row() -> None:
    trial = Trial(Group.SHOWING, ("rate_bias",), chapter="delivery", test="high")
    claimed = DEFECTS["rate_bias"].shows.reddens
    as_claimed = ended(trial, "FAIL", *claimed)
    assert claim_differs(trial, as_claimed) is None
    assert differences([trial], [as_claimed]) == []
    another = ended(trial, "FAIL", "XYZ-001")
    words = f"FAIL {' '.join(claimed)}"
    assert claim_differs(trial, another) == f"{words} is claimed, FAIL XYZ-001 is true"
    assert differences([trial], [another]) == ["@@ rate_bias in delivery, high @@", f"-{words}", "+FAIL XYZ-001"]


ROWS = """(
    Defect("rate_bias", _PUMP, "every stroke delivers more", 0.20, -1.0, 10.0,
           lambda good, x: replace(good, rate_gain=1.0 + x), _red(_AT_HIGH_RATE, "DEL-003", "DEL-004")),
    Defect("balance_freezes_at_h", _INSTRUMENT, "the display is held", 2.0, 0.0, _MONTHS_H,
           in_weighing(lambda good, x: replace(good, freezes_at_s=x * _HOUR_S)), blocks(LEAK, at=3.0)),
)
"""


def test_a_claim_is_put_right_in_its_row_and_nothing_else_is_touched() -> None:
    bias = Trial(Group.SHOWING, ("rate_bias=0.2",), chapter="delivery", test="high")
    text = with_claim(ROWS, ended(bias, "FAIL", "DEL-003", "DEL-005", "DEL-007", "DEL-009"))
    assert text == ROWS.replace('"DEL-003", "DEL-004"', '"DEL-003", "DEL-005", "DEL-007", "DEL-009"').replace(
        "1.0 + x), _red", "1.0 + x),\n           _red"
    )
    freezes = Trial(Group.SHOWING, ("balance_freezes_at_h=3",), chapter="leak", test="60")
    text = with_claim(ROWS, ended(freezes, "INCONCLUSIVE"))
    assert text == ROWS.replace("blocks(LEAK, at=3.0)", "decides_nothing(LEAK, at=3.0)")
    assert with_claim(ROWS, ended(freezes, LOST)) == ROWS
    assert with_claim(ROWS, ended(GOOD, "PASS")) == ROWS


def test_every_row_of_the_catalogue_holds_a_claim_that_can_be_put_right(tmp_path: Path) -> None:
    copies = [tmp_path / path.name for path in FILES]
    for path, copy in zip(FILES, copies, strict=True):
        copy.write_bytes(path.read_bytes())
    showings = trials([Group.SHOWING])
    write_claims([ended(trial, "FAIL", "XYZ-001") for trial in showings], copies)
    texts = "".join(copy.read_text(encoding="utf-8") for copy in copies)
    assert len(re.findall(r'red\(\w+, "XYZ-001"', texts)) == len(showings) == len(DEFECTS)
    assert all(len(line) <= 120 for line in texts.splitlines())


def test_the_page_in_docs_is_the_one_that_the_kept_outcomes_give() -> None:
    assert (DOCS / "detection.md").read_text(encoding="utf-8") == page(DOCS / "detection"), (
        "run: python -m tests.campaigns.detection page docs/detection > docs/detection.md"
    )


def rows_of(text: str, title: str) -> Sequence[str]:
    return [line for line in text.partition(f"## {title}\n")[2].partition("## ")[0].splitlines() if line[:2] == "| "][
        1:
    ]


def test_the_page_counts_each_part_with_the_bound_that_its_number_allows(tmp_path: Path) -> None:
    good = [ended(Trial(Group.GOOD, seed=seed).part("kink"), "PASS") for seed in range(1, 41)]
    bad = ended(BAD_PUMP.part("delivery", DEFECTS["rate_bias"].shows.test), "FAIL", "DEL-003")
    keep([bad, ended(BAD_BALANCE.part("leak"), "FAIL"), *good], tmp_path)
    text = page(tmp_path)
    n = len(WHOLE)
    assert rows_of(text, "In short") == [
        f"| bad pumps | 1 | 1 | 1 | {n + 1} | 0 | 1 | 0 | 0 | 0 | 0 | 95 |",
        f"| bad instruments | 1 | 0 | 1 | {n} | 0 | 1 | 0 | 0 | 0 | 1 | – |",
        f"| good pumps on good benches | 40 | 0 | 40 | {40 * n} | 40 | 0 | 0 | 0 | 0 | 0 | 7.2 |",
    ]
    assert rows_of(text, "Bad pumps") == [
        "| `rate_bias=0.2` | every stroke delivers more by this fraction | FAIL | DEL-003 |  | 0, 1, 0, 0 |"
    ]
    assert rows_of(text, "Bad instruments")[0].endswith(f"| FAIL |  |  | 0, 1, 0, {n - 1} |")


def test_the_page_shows_the_smallest_effects_where_they_were_kept(tmp_path: Path) -> None:
    assert "## Smallest effect found\n\nNot run yet." in page(tmp_path)
    shares = {"share_fail": 0.95, "share_not_pass": 1.0, "n": 200}
    found = {"effect": "burst in 1 min", "rate_ul_per_h": 41.6667, "unit": "µL", "smallest": 5.43, **shares}
    none = {"effect": "run-on", "rate_ul_per_h": 2.0, "unit": "s", "smallest": None, **shares}
    good = {"durations": "4 h", "rate_ul_per_h": 2.0, "n": 1200, "fails": 0, "inconclusives": 1, "bound": 0.004}
    content = {
        "effects": [found, none],
        "asked": [{"effect": "late", "rate_ul_per_h": 10.0, **shares}],
        "nuisance": [good],
    }
    (tmp_path / "any_window.json").write_text(json.dumps(content), encoding="utf-8")
    text = page(tmp_path)
    assert rows_of(text, "Smallest effect found") == [
        "| burst in 1 min, µL | 41.6667 | 5.43 | – | 95.0 | 200 |",
        "| run-on, s | 2 | – | – | 95.0 | 200 |",
    ]
    assert rows_of(text, "Effects that must be found") == ["| late | 10 | 95.0 | 100.0 | 200 |"]
    assert rows_of(text, "Good pumps, judged in any window") == ["| 4 h | 2 | 1200 | 0 | 1 | 0.4 |"]


def test_what_nobody_can_know_and_what_no_chapter_reaches_is_listed_by_name(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert all(f"`{name}`" in text for name in OUT_OF_REACH)
    assert all(f"`{' with '.join(names)}`" in text for names in NOT_KNOWABLE)
    assert all(f"`{name}`: {why}" in text for name, why in ALIKE.items())
    assert all(f"- {what}: {why}." in text for what, why in NOT_TRIED.items())
