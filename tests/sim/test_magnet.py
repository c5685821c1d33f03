# SPDX-License-Identifier: Apache-2.0
"""The rig's magnet is an injector like the others: ordered, confirmed by its own sensor, watched, and released."""

from contextlib import closing
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.infusion import Infusion
from bench.injectors import injector_named
from bench.injectors.injector import FULLY
from bench.journal import Journal, read_lines
from bench.profile import Profile
from bench.run import Run
from bench.sampling.sampling import CLOSE_FOR_S
from bench.therapy import Continuous
from groundfloor.errors import BenchFault
from tests.sim.quick_bench import quick
from tests.sim.twin_bench import twin_bench

PROFILES = Path(__file__).parents[2] / "test_plans" / "profiles"


def infused_under_a_magnet(run: Run) -> None:
    """Infuse under a field that was asked for, without one, and then under one that nobody asked for."""
    rig, magnet = run.bench.rig, injector_named("magnet")
    with Infusion(run, Continuous(run.profile.rates.tested("high")), "under a magnet") as infusion:
        infusion.wait(CLOSE_FOR_S + 30)  # after that the regular samples alone
        with run.injectors.injected(magnet, FULLY) as injection:
            infusion.wait(300)
            assert rig.read().magnet_field_present
        assert not rig.read().magnet_field_present
        assert injection.released_s == pytest.approx(injection.confirmed_s + 300, abs=5)
        infusion.wait(300)
        rig.write(magnet.moved(rig.outputs(), FULLY))
        infusion.wait(300)


def test_a_magnet_that_the_bench_asked_for_ends_no_infusion_and_one_that_came_by_itself_does(tmp_path: Path) -> None:
    with twin_bench(tmp_path) as twin:
        bench = Bench.open(quick(BenchFile.load(twin.file())))
        with closing(bench), closing(Journal(tmp_path / "journal.jsonl", bench.clock.now_s)) as journal:
            run = Run.of("magnet", bench, Profile.named("implantable-20ml", PROFILES), journal)
            with pytest.raises(BenchFault, match="watch the magnet injector: its sensor shows 100 %"):
                infused_under_a_magnet(run)
    lines = list(read_lines(tmp_path / "journal.jsonl"))
    sampled = [line.data["magnet"] for line in lines if line.kind == "sample"]
    assert 9 <= sum(sampled) <= 12  # ten samples of 300 s under the field, and the one that found the stray magnet
    assert sampled[-1]
    assert [line.data["title"] for line in lines if line.data.get("what") in ("injection", "release")] == [
        "magnet 100 % confirmed",
        "magnet released",
    ]
