# SPDX-License-Identifier: Apache-2.0
"""A correction of a lab's own: what it does to a volume, how it is recorded, and which one is refused."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest

from bench.bench_file import BenchFile, LabWeighing, widened_limits
from bench.corrections import accepted_correction, corrections_of
from groundfloor.errors import BenchFault, PlanError
from groundfloor.plug_ins import Kind, Offer
from metrology.gravimetry import (
    Amendment,
    AppliedCorrection,
    BalanceMark,
    BalanceSpecification,
    Conditions,
    DeliveredVolume,
    Evaporation,
    WeighedGain,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from tests.unit.imagined_weighing import imagined_file

SETUP = WeighingSetup(BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05), Evaporation(0.0, 0.001, 59, 1.0))
AIR = Conditions(21.0, 1013.0, 45.0)
SPAN = WeighedSpan(*(BalanceMark(s, g, 0.0, 0.0, 9, 11) for s, g in ((0.0, 0.0), (36000.0, 1.0))), AIR, 0.5, 100.0)
GAIN = WeighedGain(0.0, 1.0, 1000.0, 10.0, 21.0, 1013.0, 45.0, 1.194, 998.0)
ON_TOP = AppliedCorrection("bent", "1.0", "ab" * 32, "", 5.0, 0.5)
IN_PLACE = AppliedCorrection("own buoyancy", "2.0", "cd" * 32, "buoyancy", 1.0, 0.1)


def volume(*corrections: AppliedCorrection) -> DeliveredVolume:
    return delivered_volume(replace(SETUP, corrections=corrections), SPAN)


# --- what it does ----------------------------------------------------------------------------------------------------
def test_it_moves_the_volume_by_what_it_adds_and_widens_u_by_its_own() -> None:
    plain, corrected = volume(), volume(ON_TOP)
    ul_per_mg = 1.0010517 / 0.9979955  # buoyancy at 21 °C, and the density of water
    assert corrected.quantity.value - plain.quantity.value == pytest.approx(5.0 * ul_per_mg, rel=1e-4)
    squares = [one.quantity.standard_uncertainty**2 for one in (corrected, plain)]
    assert (squares[0] - squares[1]) ** 0.5 == pytest.approx(0.5 * ul_per_mg, rel=1e-3)
    assert "correction bent" in {line.name for line in corrected.quantity.budget}


def test_it_stands_before_buoyancy_and_the_chain_has_no_gap() -> None:
    steps = volume(ON_TOP).steps
    assert [one.name for one in steps] == [
        "tare", "drift", "evaporation", "bent", "buoyancy", "density", "submerged tube",
    ]  # fmt: skip
    assert all(one.after == following.before for one, following in pairwise(steps))


def test_in_place_of_buoyancy_nothing_of_the_air_is_added_twice() -> None:
    step = next(one for one in volume(IN_PLACE).steps if one.name == "buoyancy")
    assert step.after - step.before == pytest.approx(1.0)
    assert next(one for one in volume().steps if one.name == "buoyancy").after == pytest.approx(1001.05, abs=0.01)


def test_the_record_makes_the_volume_again_without_the_code_of_the_lab() -> None:
    first = volume(ON_TOP, IN_PLACE)
    again = DeliveredVolume.from_dict(first.as_dict())
    assert (again.quantity.value, again.quantity.standard_uncertainty) == (
        first.quantity.value,
        first.quantity.standard_uncertainty,
    )
    assert again.corrections == (ON_TOP, IN_PLACE)
    assert "corrections" not in volume().as_dict()


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ((ON_TOP, ON_TOP), "stands there twice"),
        ((IN_PLACE, replace(IN_PLACE, name="another")), "another one replaces buoyancy as well"),
        ((replace(ON_TOP, replaces="density"),), "it replaces 'density'"),
    ],
)
def test_corrections_that_contradict_each_other_are_refused(others: tuple[AppliedCorrection, ...], told: str) -> None:
    with pytest.raises(PlanError, match=told):
        replace(SETUP, corrections=others)


# --- which plug-in is taken ------------------------------------------------------------------------------------------
HEAD = """
    from metrology.gravimetry import Amendment
    class Own:
        name, version, replaces = {name!r}, {version!r}, {replaces!r}
        def amendment(self, gain):
            {body}
    CORRECTION = Own()
"""


def offered(folder: Path, body: str, name: str = "own", version: str = "1.0", replaces: str = "") -> Offer:
    file = folder / "own.py"
    file.write_text(dedent(HEAD).format(name=name, version=version, replaces=replaces, body=body), encoding="utf-8")
    return Offer(Kind.CORRECTION, "own", "own.py:CORRECTION", "a test", folder)


def test_a_good_one_is_taken_with_the_hash_of_its_code(tmp_path: Path) -> None:
    offer = offered(tmp_path, "return Amendment(0.5, 0.1)")
    found = accepted_correction(offer, offer.load())
    assert found.amendment(GAIN) == Amendment(0.5, 0.1)
    other = offered(tmp_path, "return Amendment(0.6, 0.1)")
    assert found.sha256 != accepted_correction(other, other.load()).sha256


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return Amendment(float('nan'), 0.1)", "its added_mg is NaN"),
        ("return Amendment(0.5, float('nan'))", "its standard_uncertainty_mg is NaN"),
        ("return Amendment(0.5, -0.1)", "nothing is corrected without an uncertainty"),
        ("return Amendment(0.5, 0.0)", "nothing is corrected without an uncertainty"),
        ("return Amendment(float('inf'), 0.1)", "no float"),
        ("return 0.5", "it returned 0.5, no Amendment"),
        ("return Amendment('0.5', 0.1)", "its added_mg is '0.5', no float"),
        ("return 1 / 0", "it raised ZeroDivisionError"),
        ("assert False, 'a table'", "it raised AssertionError: a table"),
        ("raise SystemExit(1)", "it raised SystemExit"),
    ],
)
def test_what_is_no_correction_is_the_rigs_trouble_and_never_the_pumps(tmp_path: Path, body: str, told: str) -> None:
    offer = offered(tmp_path, body)
    found = accepted_correction(offer, offer.load())
    with pytest.raises(BenchFault) as refused:
        found.amendment(GAIN)
    assert told in str(refused.value)
    assert str(refused.value).startswith("correction plug-in 'own' (own.py:CORRECTION, from a test): amendment: ")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "other"}, "it calls itself 'other'"),
        ({"version": " "}, "its version is ' '"),
        ({"replaces": "tare"}, "it replaces 'tare'"),
    ],
)
def test_one_that_is_not_what_it_says_is_refused(tmp_path: Path, changed: dict[str, str], told: str) -> None:
    offer = offered(tmp_path, "return Amendment(0.5, 0.1)", **changed)
    with pytest.raises(PlanError) as refused:
        accepted_correction(offer, offer.load())
    assert told in str(refused.value)


def test_a_plug_in_without_the_verb_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("class Own:\n    name = 'own'\nCORRECTION = Own()\n", encoding="utf-8")
    offer = Offer(Kind.CORRECTION, "own", "own.py:CORRECTION", "a test", tmp_path)
    with pytest.raises(PlanError, match="Own has no version, no replaces, no amendment"):
        accepted_correction(offer, offer.load())


# --- which bench file ------------------------------------------------------------------------------------------------
def file_with(*names: str) -> BenchFile:
    return imagined_file().model_copy(update={"weighing": LabWeighing(corrections=names)})


def test_a_bench_file_that_names_what_nobody_offers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(tmp_path, "return Amendment(0.5, 0.1)", name="linearity")
    table = '[project]\nname = "lab"\n[plugins.correction]\nlinearity = "own.py:CORRECTION"\n'
    (tmp_path / "pumpbench.toml").write_text(table, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [one.name for one in corrections_of(file_with("linearity"))] == ["linearity"]
    with pytest.raises(PlanError, match="did you mean 'linearity'"):
        corrections_of(file_with("linarity"))


def test_each_correction_stands_among_the_deviations_of_the_run() -> None:
    (told,) = set(widened_limits(file_with("linearity"))) - set(widened_limits(file_with()))
    assert told == "bench file, [weighing] corrections: volumes hold the lab's own correction 'linearity'"
