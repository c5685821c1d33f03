# SPDX-License-Identifier: Apache-2.0
"""For a pump that differs from a tested one only tests are repeated that depend on what it differs in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.profile import Profile
from bench.profile.profile_difference import differing_promises
from fixtures.repetition import Repetition
from groundfloor.errors import PlanError

PROFILES = Path(__file__).parents[2] / "test_plans" / "profiles"
SMALL, LARGE = (Profile.named(f"implantable-{size}ml", PROFILES) for size in (20, 40))
PLAN = """
import pytest
from test_plans.markers import depends_on

@depends_on("reservoir_ul")
def test_of_size(): ...

@depends_on("accuracy_percent", "reservoir_ul")
def test_of_both(): ...

def test_of_neither(): ...
"""

Items = Callable[[str], list[pytest.Item]]


@pytest.fixture
def items(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Items:
    monkeypatch.syspath_prepend(tmp_path)

    def collected(plan: str) -> list[pytest.Item]:
        path = tmp_path / "test_repeated_plan.py"
        path.write_text(plan, encoding="utf-8")
        module = pytest.Module.from_parent(request.session, path=path)
        return [one for one in module.collect() if isinstance(one, pytest.Item)]

    return collected


def changed(name: str, value: float) -> Profile:
    """The large pump, with one promise more that differs."""
    promise = getattr(LARGE, name).model_copy(update={"value": value})
    return LARGE.model_copy(update={name: promise})


def test_the_two_sizes_differ_in_their_reservoir_alone() -> None:
    assert differing_promises(SMALL, LARGE) == ("reservoir_ul",)
    assert differing_promises(SMALL, SMALL) == ()


def test_another_source_of_the_same_value_is_no_difference() -> None:
    told = SMALL.accuracy_percent.model_copy(update={"source": "another"})
    assert differing_promises(SMALL, SMALL.model_copy(update={"accuracy_percent": told})) == ()


def test_a_difference_within_a_table_is_one_of_that_table() -> None:
    catheter = SMALL.catheter.model_copy(update={"has_sensor": False})
    assert differing_promises(SMALL, SMALL.model_copy(update={"catheter": catheter})) == ("catheter",)


def test_only_what_depends_on_the_difference_is_repeated_and_the_rest_says_why(items: Items) -> None:
    of_size, of_both, of_neither = items(PLAN)
    repetition = Repetition.of([of_size, of_both, of_neither], SMALL, LARGE)
    assert [repetition.left_out(one) for one in (of_size, of_both)] == ["", ""]
    assert repetition.left_out(of_neither) == (
        "not repeated: the pump differs from profile implantable-20ml in reservoir_ul only, on which this does not "
        "depend"
    )


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(SMALL, id="nothing differs"),
        pytest.param(changed("clock_ppm", 100.0), id="something that no test is marked with differs as well"),
    ],
)
def test_where_nobody_has_thought_about_the_difference_everything_is_repeated(items: Items, profile: Profile) -> None:
    found = items(PLAN)
    repetition = Repetition.of(found, SMALL, profile)
    assert [repetition.left_out(one) for one in found] == ["", "", ""]


def test_a_mark_that_names_no_promise_is_an_error_of_the_plan(items: Items) -> None:
    found = items('import pytest\n@pytest.mark.depends_on("reservoir")\ndef test_it(): ...\n')
    with pytest.raises(PlanError, match="no promise of a profile"):
        Repetition.of(found, SMALL, LARGE)
