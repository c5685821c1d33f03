# SPDX-License-Identifier: Apache-2.0
"""A stored run is gone through once more from its samples: the same judgements, and what was changed is found."""

import json
import shutil
from pathlib import Path

import pytest

from bench.offline import AsFound
from cli.stored_plans import made_again_from_samples
from tests.sim.bench_run import BenchRun
from tests.sim.forked_run import forked_run
from tests.sim.tampering import entries_of, of_kind, rewritten


@pytest.fixture(scope="module")
def high(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    return forked_run(tmp_path_factory.mktemp("high"), "--chapter", "delivery", select="high")


@pytest.fixture
def copy(high: BenchRun, tmp_path: Path) -> Path:
    return Path(shutil.copytree(high.folder, tmp_path / high.folder.name))


def test_every_judgement_of_a_run_is_made_again_from_its_samples(high: BenchRun) -> None:
    judged = [one["data"]["id"] for one in of_kind(entries_of(high.folder), "judgement")]
    made = made_again_from_samples(high.folder, trust=True)
    assert len(judged) > 30
    assert made.not_made == {}
    assert [str(one) for one in made.differences] == []
    assert made.same == judged


DRAWS = """
from bench.therapy import Continuous


def test_draws(infusion, profile):
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        (rate_ul_per_h,) = run.drawn_rates_ul_per_h(1, 0)
        run.deliver(run.duration_that_resolves_s(), f"drawn {rate_ul_per_h:g}")
"""


def test_what_a_run_drew_by_lot_is_drawn_again(tmp_path: Path) -> None:
    plan = tmp_path / "plans" / "test_draws.py"
    plan.parent.mkdir()
    (tmp_path / "runs").mkdir()
    plan.write_text(DRAWS)
    run = forked_run(tmp_path / "runs", more=[str(plan)])
    judged = of_kind(entries_of(run.folder), "judgement")
    made = made_again_from_samples(run.folder, trust=True)
    assert [one["data"]["name"] for one in judged if "drawn " in one["data"]["name"]]
    assert ([str(one) for one in made.differences], made.not_made) == ([], {})


def test_a_sample_and_a_reading_that_were_changed_are_found_though_the_journal_was_chained_anew(copy: Path) -> None:
    entries = entries_of(copy)
    samples, judged = of_kind(entries, "sample"), of_kind(entries, "judgement")
    samples[len(samples) // 2]["data"]["mass_g"] += 0.004
    mark = next(one for one in of_kind(entries, "event") if one["data"]["what"] == "mark")
    mark["data"]["result"]["masses_g"][5] += 0.001
    rewritten(copy, entries)
    made = made_again_from_samples(copy, trust=True)
    found = {one.id for one in made.differences}
    assert mark["data"]["id"] in found
    assert found & {one["data"]["id"] for one in judged}
    assert made.not_made == {}


def test_a_balance_that_was_found_wrong_turns_verdicts_beside_the_first_ones(high: BenchRun) -> None:
    made = made_again_from_samples(high.folder, trust=True, as_found=AsFound(error_percent=20.0))
    assert {judged.verdict.name for judged, _, _ in made.turned} == {"PASS"}
    assert "FAIL" in {now for _, now, _ in made.turned}


def test_the_journal_tells_with_which_version_of_each_method_it_was_judged(high: BenchRun) -> None:
    first = json.loads((high.folder / "journal.jsonl").read_bytes().splitlines()[0])
    assert first["data"]["methods"]["any window"]
