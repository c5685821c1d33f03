# SPDX-License-Identifier: Apache-2.0
"""What the markers above a test declare: name, requirements, limits and how often, known without running anything."""

import itertools
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bench.acceptance import Standing
from bench.acceptance.standing import EXAMINED
from bench.profile import Profile
from bench.trace import Requirements
from fixtures.declared import Planned, declarations_of, planned_judgements
from fixtures.lacking_features import lacking_features
from fixtures.left_out import LeftOut, to_come
from groundfloor.errors import PlanError
from tests.unit.imagined_weighing import PROFILE

BASELINE = Requirements.load(Path(__file__).parents[2] / "test_plans" / "requirements.toml")
IMPORTS = """
import pytest
from test_plans.criteria import accuracy, bolus_given, boluses_per_day, no_flow, occlusion_latency, unintended_bolus
from test_plans.markers import at_three_rates, judges, only_with

verifies = pytest.mark.verifies
"""
ALWAYS = [
    ("the program is read back as it was loaded", ("PRG-001",)),
    ("commands are accepted", ("PRG-002",)),
    ("no alarm without a fault", ("ALM-001",)),
    ("programmed, counted and weighed volume agree", ("DEL-004",)),
    ("the pump's clock keeps time", ("CLK-001",)),
    ("the pump does not restart by itself", ("CLK-002",)),
]
EXAMINED_TOLD = [(one.words, tuple(BASELINE.standing[one])) for one in Standing if one in EXAMINED]
BOLUS_COURSE = ("a bolus comes in its time", ("SCH-006",))
AFTER_ALARM = ("the pump does what it promises after an alarm", ("ALM-002",))

Items = Callable[[str], list[pytest.Item]]


_NUMBERS = itertools.count(1)
"""Python knows a module by its name alone."""


@pytest.fixture
def items(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Items:
    """The tests that pytest itself collects from a plan."""
    monkeypatch.syspath_prepend(tmp_path)

    def collected(plan: str) -> list[pytest.Item]:
        path = tmp_path / f"test_declared_plan_{next(_NUMBERS)}.py"
        path.write_text(IMPORTS + plan, encoding="utf-8")
        module = pytest.Module.from_parent(request.session, path=path)
        return [one for one in module.collect() if isinstance(one, pytest.Item)]

    return collected


def chosen_by(keyword: str = "", markexpr: str = "") -> pytest.Config:
    """What pytest was asked for by `-k` and `-m`."""
    return cast(pytest.Config, SimpleNamespace(option=SimpleNamespace(keyword=keyword, markexpr=markexpr)))


def told(planned: tuple[Planned, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.name, one.requirements) for one in planned]


# --- what is planned ------------------------------------------------------------------------------------------------


def test_judgements_are_planned_in_the_order_in_which_they_stand(items: Items) -> None:
    (item,) = items("""
@judges("CAT-002", "no flow", no_flow)
@judges(("CAT-003", "DEL-002"), "bolus", unintended_bolus)
def test_it(): ...
""")
    assert told(planned_judgements(item, BASELINE)) == [("no flow", ("CAT-002",)), ("bolus", ("CAT-003", "DEL-002"))]


def test_a_table_gives_each_rate_its_own_requirement_and_its_own_limit(items: Items) -> None:
    low, intermediate, high = items("""
@judges({"low": "DEL-001", "intermediate": "DEL-002", "high": "DEL-003"}, "bolus", unintended_bolus)
@at_three_rates
def test_it(rate): ...
""")
    assert [planned_judgements(one, BASELINE)[0].requirements for one in (low, intermediate, high)] == [
        ("DEL-001",),
        ("DEL-002",),
        ("DEL-003",),
    ]
    limits = [declarations_of(one, PROFILE, BASELINE)["bolus"].limits for one in (low, high)]
    assert [one.upper for one in limits if one is not None] == [
        PROFILE.unintended_bolus_limit_ul(PROFILE.rates.tested(rate)) for rate in ("low", "high")
    ]


def test_a_rate_that_a_plan_gives_in_ul_per_h_is_that_rate(items: Items) -> None:
    (item,) = items("""
@judges("CAT-003", "bolus", unintended_bolus)
@pytest.mark.parametrize("rate", [40])
def test_it(rate): ...
""")
    limits = declarations_of(item, PROFILE, BASELINE)["bolus"].limits
    assert limits is not None
    assert limits.upper == PROFILE.unintended_bolus_limit_ul(40.0)


def test_every_infusion_declares_what_it_judges_without_being_asked_for(items: Items) -> None:
    with_one, without = items("def test_with(infusion): ...\ndef test_without(bench): ...\n")
    assert told(planned_judgements(with_one, BASELINE)) == [*ALWAYS, *EXAMINED_TOLD]
    assert planned_judgements(without, BASELINE) == ()


def test_an_alarm_implies_what_the_pump_does_after_it_and_nothing_else_does(items: Items) -> None:
    alarm, none = items("""
@judges("CAT-001", "in time", occlusion_latency)
def test_alarm(infusion): ...

@judges("CAT-002", "no flow", no_flow)
def test_none(infusion): ...
""")
    assert told(planned_judgements(alarm, BASELINE)) == [
        ("in time", ("CAT-001",)),
        *ALWAYS,
        AFTER_ALARM,
        *EXAMINED_TOLD,
    ]
    assert AFTER_ALARM not in told(planned_judgements(none, BASELINE))


def test_a_bolus_that_is_judged_implies_its_course_and_any_other_test_can_bring_it_in(items: Items) -> None:
    bolus, none = items("""
@judges("SCH-003", "given", bolus_given)
def test_bolus(infusion): ...

def test_none(infusion): ...
""")
    assert BOLUS_COURSE in told(planned_judgements(bolus, BASELINE))
    assert BOLUS_COURSE not in told(planned_judgements(none, BASELINE))
    declarations = declarations_of(none, PROFILE, BASELINE)
    assert "SCH-006" not in declarations.requirement_ids
    assert declarations.bring_in(Standing.BOLUS_COURSE.words) is not None
    assert "SCH-006" in declarations.requirement_ids


def test_what_is_standing_belongs_to_no_requirement_where_the_baseline_binds_none(items: Items) -> None:
    (item,) = items("def test_it(infusion): ...\n")
    unbound = BASELINE.model_copy(update={"standing": {Standing.CLOCK: ("CLK-001",)}})
    bound = {one.name: one.requirements for one in planned_judgements(item, unbound)}
    assert bound.pop("the pump's clock keeps time") == ("CLK-001",)
    assert set(bound.values()) == {()}


def test_a_requirement_that_is_only_claimed_is_one_judgement_that_nobody_can_make(items: Items) -> None:
    (item,) = items("""
@verifies("CAT-001", "CAT-003", "ALM-001")
@judges("CAT-003", "bolus", unintended_bolus)
def test_it(infusion): ...
""")
    claimed = [one for one in planned_judgements(item, BASELINE) if one.name.endswith("claimed by @verifies")]
    assert told(tuple(claimed)) == [("CAT-001 claimed by @verifies", ("CAT-001",))]
    assert [one.name for one in declarations_of(item, PROFILE, BASELINE).unset if "claimed" in one.name] == [
        "CAT-001 claimed by @verifies"
    ]


@pytest.mark.parametrize(
    "marker",
    [
        '@judges("CAT-001", "in time")',
        '@judges("CAT-001", occlusion_latency, "in time")',
        '@judges("CAT-001", "in time", 3.0)',
        '@judges("CAT-001", "in time", occlusion_latency, 2)',
        '@judges("CAT-001", "in time", occlusion_latency, time=2)',
        '@judges(1, "in time", occlusion_latency)',
        '@judges({"low": "CAT-001"}, "in time", occlusion_latency)',
    ],
)
def test_a_marker_that_is_not_written_as_it_has_to_be_is_an_error_of_the_plan(items: Items, marker: str) -> None:
    (item,) = items(f"{marker}\ndef test_it(): ...\n")
    with pytest.raises(PlanError, match=r"declare judgements: @judges\(.*Next: write @judges\("):
        planned_judgements(item, BASELINE)


# --- what is declared -----------------------------------------------------------------------------------------------


def test_a_declaration_has_its_figures_from_the_profile_and_its_requirement_with_revision_and_text(
    items: Items,
) -> None:
    (item,) = items('@judges("DEL-002", "day", accuracy)\ndef test_it(): ...\n')
    one = declarations_of(item, PROFILE, BASELINE)["day"]
    percent, requirement = PROFILE.accuracy_percent.value, BASELINE.get("DEL-002")
    assert str(one.limits) == f"{100 - percent:g} to {100 + percent:g} % of the programmed volume"
    assert (one.measurand, one.times) == ("delivered volume, balance against program", 1)
    assert one.rule == PROFILE.decision_rule.words
    assert [(cited.label, cited.text_sha256) for cited in one.requirements] == [("DEL-002@1", requirement.text_sha256)]


@pytest.mark.parametrize(
    ("times", "expected"),
    [("3", 3), ("None", None), ("boluses_per_day", PROFILE.patient_bolus.max_per_day.value)],
)
def test_how_often_something_is_judged_may_be_the_profiles_to_say(
    items: Items, times: str, expected: int | None
) -> None:
    (item,) = items(f'@judges("SCH-003", "given", bolus_given, times={times})\ndef test_it(): ...\n')
    assert declarations_of(item, PROFILE, BASELINE)["given"].times == expected


def test_what_is_standing_may_be_judged_any_number_of_times(items: Items) -> None:
    (item,) = items("def test_it(infusion): ...\n")
    assert {one.times for one in declarations_of(item, PROFILE, BASELINE)} == {None}


def test_a_requirement_that_the_baseline_does_not_have_is_an_error_of_the_plan(items: Items) -> None:
    judged, claimed = items("""
@judges("CAT-999", "bolus", unintended_bolus)
def test_judged(): ...

@verifies("CAT-999")
def test_claimed(): ...
""")
    for item in (judged, claimed):
        with pytest.raises(PlanError, match="unknown: 'CAT-999'"):
            declarations_of(item, PROFILE, BASELINE)


def test_a_name_that_is_declared_twice_or_is_a_standing_one_is_an_error_of_the_plan(items: Items) -> None:
    twice, standing = items("""
@judges("DEL-001", "day", accuracy)
@judges("DEL-002", "day", accuracy)
def test_twice(): ...

@judges("CLK-001", "the pump's clock keeps time", accuracy)
def test_standing(infusion): ...
""")
    for item in (twice, standing):
        with pytest.raises(PlanError, match="is declared twice"):
            declarations_of(item, PROFILE, BASELINE)


# --- what is left out -----------------------------------------------------------------------------------------------


def test_a_test_that_is_left_out_still_says_what_it_would_have_judged(items: Items) -> None:
    """Even where the profile has no limits for it: names and requirements come from the markers alone."""
    (item,) = items(
        '@judges("CAT-001", "in time", occlusion_latency)\n@only_with("catheter_sensor")\ndef test_it(): ...'
    )
    left_out = LeftOut(item.config, BASELINE)
    left_out.note(item, "profile x has no catheter sensor", applicable=False)
    left_out.pytest_deselected([item])
    (one,) = left_out.tests
    assert (one.node, one.reason, one.applicable) == (item.nodeid, "profile x has no catheter sensor", False)
    assert one.judges == to_come(item, BASELINE)
    assert [(judged.name, judged.requirements) for judged in one.judges] == [("in time", ("CAT-001",)), AFTER_ALARM]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("other",), "left out by -k 'other'"),
        (("", "slow"), "left out by -m 'slow'"),
        (("a", "b"), "left out by -k 'a' and -m 'b'"),
        ((), "left out by an option of pytest"),
    ],
)
def test_what_an_option_of_pytest_leaves_out_is_named_by_the_option(
    items: Items, options: tuple[str, ...], reason: str
) -> None:
    (item,) = items("def test_it(infusion): ...\n")
    left_out = LeftOut(chosen_by(*options), BASELINE)
    left_out.pytest_deselected([item])
    (one,) = left_out.tests
    assert (one.reason, one.applicable, len(one.judges)) == (reason, True, len(ALWAYS) + len(EXAMINED))


def test_a_misfit_among_what_is_left_out_ends_the_session_as_a_wrong_plan(items: Items) -> None:
    (item,) = items('@judges("CAT-001")\ndef test_it(): ...\n')
    with pytest.raises(pytest.UsageError, match=r"test_it: plan: declare judgements: @judges"):
        LeftOut(item.config, BASELINE).pytest_deselected([item])


def test_a_profile_without_a_rate_of_that_name_is_an_error_of_the_plan(items: Items) -> None:
    (item,) = items('@judges("CAT-001", "in time", occlusion_latency)\n@pytest.mark.parametrize("rate", ["slow"])\n'
                    "def test_it(rate): ...\n")  # fmt: skip
    profile: Profile = PROFILE
    with pytest.raises(PlanError, match="find the rate 'slow'"):
        declarations_of(item, profile, BASELINE)


def test_a_test_is_for_pumps_with_all_features_of_all_its_markers(items: Items) -> None:
    both, one_by_one, none = items("""
@only_with("catheter_sensor", "screening_trial")
def test_both(): ...
@only_with("screening_trial")
@only_with("no_catheter_sensor")
def test_one_by_one(): ...
@only_with("catheter_sensor", "patient_bolus")
def test_none(): ...
""")
    assert lacking_features(both, PROFILE) == ("screening_trial",)
    assert set(lacking_features(one_by_one, PROFILE)) == {"screening_trial", "no_catheter_sensor"}
    assert lacking_features(none, PROFILE) == ()
