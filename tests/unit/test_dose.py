# SPDX-License-Identifier: Apache-2.0
"""Volume and dose of a prescription follow in closed form, and a slip does not pass the limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.dose import (
    BolusDose,
    Concentration,
    Dose,
    DoseLimits,
    DoseStep,
    MassUnit,
    Prescription,
    Slip,
    WholeStrokes,
    slipped,
)
from bench.therapy import Continuous, Flex
from groundfloor.errors import PlanError

HALF_A_MG_PER_ML = Concentration(500.0, MassUnit.MICROGRAM)
LIMITS = DoseLimits(20.0, 2000.0, 100.0, "profile: drug baclofen")
DAY_S = 86400.0
MEANT = Prescription("baclofen", HALF_A_MG_PER_ML, Dose(300.0, MassUnit.MICROGRAM))

amounts = st.floats(1.0, 900.0)
doses = st.one_of(
    st.builds(Dose, amounts, st.just(MassUnit.MICROGRAM)),
    st.builds(Dose, st.floats(0.001, 0.9), st.just(MassUnit.MILLIGRAM)),
)
concentrations = st.one_of(
    st.builds(Concentration, st.floats(50.0, 4000.0), st.just(MassUnit.MICROGRAM)),
    st.builds(Concentration, st.floats(0.5, 50.0), st.just(MassUnit.MILLIGRAM)),
)
days = st.lists(st.tuples(st.integers(0, 1439), doses), min_size=1, max_size=6, unique_by=lambda one: one[0])
boluses = st.one_of(
    st.none(), st.builds(BolusDose, doses, st.sampled_from([60, 600, 1200]), st.just(7200), st.integers(1, 4))
)


def micrograms(dose: Dose) -> float:
    return dose.amount * (1000.0 if dose.unit == "mg" else 1.0)


def ug_in_a_minute(parts: list[tuple[int, Dose]], minute: int) -> float:
    """What a minute of the day brings: its part's dose, spread over as many minutes as that part is found to have."""
    starts = [start for start, _ in parts]
    owner = [-1] * 1440
    for number, start in enumerate(starts):
        following = starts[(number + 1) % len(starts)]
        at = start
        while True:
            owner[at] = number
            at = (at + 1) % 1440
            if at == following:
                break
    part = owner[minute]
    return micrograms(parts[part][1]) / owner.count(part)


@settings(max_examples=30, deadline=None)
@given(concentrations, days, boluses, st.integers(0, 2000), st.integers(1, 1500), st.integers(0, 2000))
def test_dose_and_volume_are_what_minute_by_minute_addition_gives(
    concentration: Concentration,
    day: list[tuple[int, Dose]],
    bolus: BolusDose | None,
    from_min: int,
    lasts_min: int,
    asked_min: int,
) -> None:
    parts = sorted(day, key=lambda one: one[0])
    prescription = Prescription("drug", concentration, tuple(DoseStep(*one) for one in parts), bolus)
    ug_per_ul = concentration.per_ml * (1000.0 if concentration.unit == "mg" else 1.0) / 1000.0
    by_hand_ug, given = 0.0, []
    for minute in range(from_min, from_min + lasts_min):
        by_hand_ug += ug_in_a_minute(parts, minute % 1440)
        if bolus is not None and 0 <= minute - asked_min < bolus.duration_s / 60:
            by_hand_ug += micrograms(bolus.dose) / (bolus.duration_s / 60)
    therapy = prescription.therapy()
    if bolus is not None:
        given = [therapy.accepted(60.0 * asked_min)]  # type: ignore[attr-defined]  # it is one with patient bolus
    span_s = 60.0 * from_min, 60.0 * (from_min + lasts_min)
    assert prescription.dose_ug(*span_s, 0.0, given) == pytest.approx(by_hand_ug, rel=1e-9, abs=1e-9)
    assert therapy.volume_ul(*span_s, 0.0, given) == pytest.approx(by_hand_ug / ug_per_ul, rel=1e-9, abs=1e-9)


def test_a_dose_a_day_is_a_rate() -> None:
    assert MEANT.therapy(LIMITS) == Continuous(25.0)
    per_day = Prescription("ziconotide", Concentration(25.0, MassUnit.MICROGRAM), Dose.of("1.2 µg"))
    assert per_day.therapy().rate_ul_per_h(0.0, 0.0) == pytest.approx(2.0)  # 0.048 mL a day, protocol §1


def test_the_parts_of_a_day_are_rates_and_the_last_runs_over_midnight() -> None:
    parts = (DoseStep(360, Dose.of("100 ug")), DoseStep(1320, Dose.of("0.2 mg")))
    therapy = Prescription("baclofen", HALF_A_MG_PER_ML, parts).therapy(LIMITS)
    assert isinstance(therapy, Flex)
    assert [step.start_minute for step in therapy.steps] == [360, 1320]
    assert [step.rate_ul_per_h for step in therapy.steps] == pytest.approx([12.5, 50.0])
    assert therapy.volume_ul(0.0, DAY_S, 0.0) == pytest.approx(600.0)


@pytest.mark.parametrize("text", ["500", "µg", "500 g", "500 ml", "-5 µg", "5 µg/h", "", "1,5 mg"])
def test_a_dose_without_an_amount_and_a_unit_of_mass_is_none(text: str) -> None:
    with pytest.raises(PlanError, match="write it in µg or mg"):
        Dose.of(text)


@pytest.mark.parametrize(("text", "ug"), [("500 µg", 500.0), ("0.5 mg", 500.0), ("500ug", 500.0), ("7 mcg", 7.0)])
def test_a_dose_is_read_with_its_unit(text: str, ug: float) -> None:
    assert Dose.of(text).ug == ug


@pytest.mark.parametrize("slip", [Slip.TEN_TIMES, Slip.HOUR_FOR_DAY, Slip.MILLIGRAM_FOR_MICROGRAM])
def test_a_slip_that_multiplies_a_usual_dose_is_refused_by_the_limits(slip: Slip) -> None:
    with pytest.raises(PlanError, match="look for a slip of unit, a factor of ten, an hour for a day"):
        slipped(MEANT, slip).therapy(LIMITS)


def test_a_tenth_of_a_small_dose_is_refused_as_well() -> None:
    small = Prescription("baclofen", HALF_A_MG_PER_ML, Dose(50.0, MassUnit.MICROGRAM))
    with pytest.raises(PlanError, match=r"5 µg a day are under 20 µg .*profile: drug baclofen"):
        slipped(small, Slip.A_TENTH).therapy(LIMITS)


@pytest.mark.parametrize("slip", list(Slip))
def test_each_slip_makes_another_program(slip: Slip) -> None:
    assert slipped(MEANT, slip).therapy().program(0.0) != MEANT.therapy().program(0.0)


def test_a_wrong_concentration_changes_the_rate_and_not_the_dose_that_was_written() -> None:
    entered = slipped(MEANT, Slip.STRONGER)
    assert entered.basal_ug_per_day == MEANT.basal_ug_per_day
    assert entered.therapy(LIMITS) == Continuous(100.0)


def test_the_boluses_of_a_day_count_in_its_limit_and_each_has_one_of_its_own() -> None:
    bolus = BolusDose(Dose(90.0, MassUnit.MICROGRAM), 600, 7200, 4)
    allowed = Prescription("baclofen", HALF_A_MG_PER_ML, Dose(1600.0, MassUnit.MICROGRAM), bolus)
    assert allowed.therapy(LIMITS).program(0.0).ptm_volume_ul == pytest.approx(180.0)
    over = Prescription("baclofen", HALF_A_MG_PER_ML, Dose(1700.0, MassUnit.MICROGRAM), bolus)
    with pytest.raises(PlanError, match="2060 µg a day are over 2000 µg"):
        over.therapy(LIMITS)
    large = BolusDose(Dose(0.11, MassUnit.MILLIGRAM), 600, 7200, 1)
    with pytest.raises(PlanError, match=r"a bolus of 0\.11 mg is over 100 µg"):
        Prescription("baclofen", HALF_A_MG_PER_ML, Dose(300.0, MassUnit.MICROGRAM), large).therapy(LIMITS)


def test_parts_of_a_day_out_of_order_are_refused() -> None:
    parts = (DoseStep(720, Dose.of("1 µg")), DoseStep(360, Dose.of("1 µg")))
    with pytest.raises(PlanError, match="do not rise"):
        Prescription("drug", HALF_A_MG_PER_ML, parts).therapy()


def test_whole_strokes_are_told_beside_the_programmed_dose() -> None:
    strokes = WholeStrokes(48.3, 0.5, HALF_A_MG_PER_ML)
    assert strokes.achievable_ug == pytest.approx((24.0, 24.25))
    assert strokes.holds(48.0, 0.0)
    assert not strokes.holds(49.0, 0.0)
    assert strokes.told(48.0) == "programmed 24.15 µg, achievable 24 or 24.25, counted 24"
