# SPDX-License-Identifier: Apache-2.0
"""The figures by which a twin keeps what another profile promises than the one that its model was made for."""

from pathlib import Path

import pytest

from bench.profile import Profile
from bench.twin_of_profile import RULES, TwinOfProfile
from fixtures.own_twin import OwnTwin
from groundfloor.errors import PlanError
from instruments.simulated.specimen.model_figures import with_figures
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.twin.twin import Twin
from instruments.simulated.twin.twin_options import TwinOptions
from test_plans.test_reservoir import AT_A_LEVEL_S, LONG_INTERVAL_S, levels_ul

PROFILES = Path(__file__).parents[2] / "test_plans" / "profiles"
USUAL = "implantable-20ml"
ASSUMED = 'source = "assumed: for a test"'


def profile(folder: Path, **promises: object) -> Profile:
    """Return the usual profile with some of its promises, the first of each name, made otherwise."""
    lines = (PROFILES / f"{USUAL}.toml").read_text(encoding="utf-8").splitlines()
    for key, value in promises.items():
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{key} = "))
        lines[at] = f"{key} = {value}" if isinstance(value, str) else f"{key} = {{ value = {value}, {ASSUMED} }}"
    path = folder / "mine.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return Profile.load(path)


@pytest.mark.parametrize("name", sorted(path.stem for path in PROFILES.glob("*.toml")))
def test_a_shipped_profile_changes_no_figure_of_its_twin(name: str) -> None:
    assert TwinOfProfile.of(Profile.load(PROFILES / f"{name}.toml"), PROFILES) == TwinOfProfile(name, (), ())


def test_limits_reservoir_and_stroke_of_a_profile_become_figures_of_its_twin(tmp_path: Path) -> None:
    promised = profile(tmp_path, high_ul_per_h=1500, greatest_ul_per_h=1500, reservoir_ul=10000, stroke_volume_ul=0.25)
    played = TwinOfProfile.of(promised, PROFILES)
    assert set(played.figures) == {"limits.greatest_rate_ul_per_h=1500", "reservoir_ul=10000", "stroke_ul=0.25"}
    assert played.not_told == ()
    model = with_figures(PumpModel.named(USUAL), played.figures)
    assert (model.limits.greatest_rate_ul_per_h, model.reservoir_ul, model.stroke_ul) == (1500.0, 10000.0, 0.25)
    assert model.limits.greatest_bolus_rate_ul_per_h == 2000.0  # the profile promises that it refuses more


def test_a_narrower_accuracy_makes_a_better_twin_and_a_wider_one_no_worse(tmp_path: Path) -> None:
    better = with_figures(
        PumpModel.named(USUAL), TwinOfProfile.of(profile(tmp_path, accuracy_percent=2.9), PROFILES).figures
    )
    assert better.accuracy.full_to_empty_half_span == pytest.approx(0.01 * 2.9 / 14.5)
    wider = with_figures(
        PumpModel.named(USUAL), TwinOfProfile.of(profile(tmp_path, accuracy_percent=20), PROFILES).figures
    )
    assert wider == PumpModel.named(USUAL)


def test_what_no_figure_is_made_of_is_told_by_its_name(tmp_path: Path) -> None:
    played = TwinOfProfile.of(profile(tmp_path, flex_steps_max=24), PROFILES)
    assert played.figures == ()
    assert played.words == (
        "no figure of the twin is made of flex_steps_max: it keeps those of its own profile, and may fail for that",
    )


def test_a_promise_that_a_twin_keeps_anyhow_is_not_told(tmp_path: Path) -> None:
    assert TwinOfProfile.of(profile(tmp_path, registers_follow_s=8), PROFILES).not_told == ()
    assert TwinOfProfile.of(profile(tmp_path, registers_follow_s=3), PROFILES).not_told == ("registers_follow_s",)


def test_every_rule_names_a_figure_that_a_model_has() -> None:
    model = PumpModel.named(USUAL)
    for _, figure, _ in RULES:
        with_figures(model, [f"{figure}={'true' if figure.endswith(('_sensor', '_complete')) else 3}"])


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ("limits.greatest_rate=3", "has no 'limits.greatest_rate'. Next: write limits.greatest_rate_ul_per_h=NUMBER"),
        ("reservoir_ul=much", "'much' is no value. Next: write NAME=NUMBER"),
        ("reservoir_ul=-1", "Input should be greater than 0"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(figure: str, told: str) -> None:
    with pytest.raises(PlanError) as refused:
        with_figures(PumpModel.named(USUAL), [figure])
    assert told in str(refused.value)


def test_figures_come_through_the_command_line_of_the_twin() -> None:
    options = TwinOptions(figures=("reservoir_ul=10000", "stroke_ul=0.25"))
    assert TwinOptions.parse(options.arguments()) == options


def test_the_levels_of_the_run_down_stay_over_the_alarm_while_a_window_is_weighed(tmp_path: Path) -> None:
    promised = profile(tmp_path, high_ul_per_h=1500, greatest_ul_per_h=1500, reservoir_ul=10000)
    weighed_ul = 1500 / 3600 * (AT_A_LEVEL_S + 2 * LONG_INTERVAL_S)
    assert min(levels_ul(promised)) - weighed_ul >= promised.low_reservoir_alarm_ul.value


def test_a_run_of_its_own_twin_records_the_figures_and_the_twin_takes_them(tmp_path: Path) -> None:
    played = TwinOfProfile.of(profile(tmp_path, reservoir_ul=10000), PROFILES)
    bench = OwnTwin(TwinOptions(model=played.model, figures=played.figures)).bench_to_come()
    assert bench.simulation is not None
    assert bench.simulation.figures == ("reservoir_ul=10000",)
    twin = Twin.assemble(played.model, figures=played.figures)
    assert twin.pump.read(["reservoir_volume_ul"])["reservoir_volume_ul"] == 10000.0


def test_a_usual_twin_has_no_figures_in_its_bench_file(tmp_path: Path) -> None:
    file = tmp_path / "bench.toml"
    OwnTwin(TwinOptions()).bench_to_come().write(file)
    assert "figures" not in file.read_text(encoding="utf-8")
