# SPDX-License-Identifier: Apache-2.0
"""Injectors: one file each, found through one table; confirmed by a sensor of its own, and put back for sure."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.injectors import INJECTORS, injector_named
from bench.injectors.injector import FULLY, Injector
from groundfloor.errors import BenchFault, PlanError
from groundfloor.room_members import room_members
from instruments.rig import RigOutputs
from tests.unit.scripted_bench import Scene, ScriptedRig, scene

ROOT = Path(__file__).parents[2]
KINDS = ROOT / "bench" / "injectors" / "kinds"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as one:
        yield one


def observed_percent(at: Scene, injector: Injector) -> float:
    return injector.observed_percent(at.bench.rig.read())


def test_the_table_holds_every_file_of_the_room_by_its_name() -> None:
    assert set(INJECTORS) == {path.stem for path in KINDS.glob("*.py")} - {"__init__"}
    assert {"kink", "disconnect", "leak", "magnet"} <= set(INJECTORS)


def test_one_file_that_is_put_into_a_room_is_in_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "a_room_of_one"
    room.mkdir()
    for name in ("__init__.py", "magnet.py"):
        shutil.copy(KINDS / name, room)
    (room / "notes.py").write_text("PAGES = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    (found,) = room_members("a_room_of_one", "INJECTOR")
    assert isinstance(found, Injector)
    assert found.name == "magnet"


@pytest.mark.parametrize("name", sorted(INJECTORS))
def test_an_injector_moves_itself_alone_and_is_observed_where_it_stands(name: str) -> None:
    injector, rig = INJECTORS[name], ScriptedRig()
    rig.write(injector.moved(RigOutputs(), FULLY))
    moved = {key for key, value in vars(rig.outputs()).items() if value != getattr(RigOutputs(), key)}
    assert len(moved) == 1
    assert {one.name for one in INJECTORS.values() if one.observed_percent(rig.read())} == {name}
    assert injector.observed_percent(rig.read()) == FULLY
    assert injector.moved(rig.outputs(), 0.0) == RigOutputs()


@pytest.mark.parametrize("name", sorted(INJECTORS))
def test_a_fault_stands_while_its_block_runs_and_is_gone_after_it(at: Scene, name: str) -> None:
    injectors, injector = at.setting.run.injectors, INJECTORS[name]
    with injectors.injected(injector, FULLY) as injection:
        assert observed_percent(at, injector) == FULLY
        assert injectors.standing == (injection,)
        assert injectors.wanted_percent(injector) == FULLY
        at.bench.scheduler.pass_for(10.0)
    assert observed_percent(at, injector) == 0.0
    assert (injectors.standing, injectors.wanted_percent(injector)) == ((), 0.0)
    assert (injection.sent_s, injection.confirmed_s, injection.released_s) == (0.0, 0.0, 10.0)
    assert [line.data["title"] for line in at.lines()] == [f"{name} 100 % confirmed", f"{name} released"]
    assert at.bench.poisoned == ""


def test_a_fault_that_its_sensor_does_not_show_is_no_fault_of_the_pump_and_the_bench_is_made_safe(at: Scene) -> None:
    at.bench.rig.stuck = True
    with (
        pytest.raises(BenchFault, match=r"move the magnet injector to 100 %: its sensor still shows 0 % after"),
        at.setting.run.injectors.injected(injector_named("magnet"), FULLY),
    ):
        pytest.fail("the block runs only under a fault that was confirmed")
    assert at.bench.made_safe == 1
    assert at.setting.run.injectors.injections == []


def test_a_fault_that_cannot_be_undone_poisons_the_bench(at: Scene) -> None:
    with (
        pytest.raises(BenchFault, match="move the kink injector to 0 %"),
        at.setting.run.injectors.injected(injector_named("kink"), FULLY),
    ):
        at.bench.rig.stuck = True
    assert at.bench.poisoned.startswith("kink was not released: ")


def test_an_error_under_a_fault_makes_the_bench_safe_before_the_fault_is_released(at: Scene) -> None:
    """What the catheter stored must not come out while the pump still drives."""
    written_when_safe: list[int] = []
    enter = at.bench.enter_safe_state
    at.bench.enter_safe_state = lambda: (written_when_safe.append(len(at.bench.rig.written)), enter())  # type: ignore[method-assign,assignment,func-returns-value]
    with (
        pytest.raises(BenchFault, match="somebody came by"),
        at.setting.run.injectors.injected(injector_named("kink"), FULLY),
    ):
        raise BenchFault("rig", "watch", "somebody came by")
    assert written_when_safe == [1]
    assert len(at.bench.rig.written) == 2


@pytest.mark.parametrize(
    ("from_s", "to_s", "faulty"), [(0.0, 4.9, False), (0.0, 5.0, True), (15.0, 20.0, True), (15.1, 20.0, False)]
)
def test_a_time_is_faulty_from_the_order_to_the_confirmed_release(
    at: Scene, from_s: float, to_s: float, faulty: bool
) -> None:
    at.bench.scheduler.pass_until(5.0)
    with at.setting.run.injectors.injected(injector_named("leak"), 30.0):
        at.bench.scheduler.pass_until(15.0)
    assert at.setting.run.injectors.faulty_between(from_s, to_s) is faulty


def test_an_injector_that_does_not_exist_is_refused_with_the_nearest_that_does() -> None:
    with pytest.raises(PlanError, match="did you mean 'magnet'"):
        injector_named("magnets")
