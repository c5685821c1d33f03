# SPDX-License-Identifier: Apache-2.0
"""Each correction that is left out shows its own bias: against the truth of a twin, over real wires.

The twin weighs a liquid five per cent denser than water, with a tube of 4 mm in a vessel of 20 mm, on a balance that
drifts by 1.5 mg a day. The biases are worked out from what the twin knows, by its own formulae.
"""

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomli_w

from bench.journal import read_lines
from bench.simulated_bench import simulated_bench
from instruments.simulated.physics.densities import water_density_kg_per_m3
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.gravimetry import DeliveredVolume
from metrology.gravimetry.correction_step import STEPS
from tests.sim.bench_run import ran
from tests.sim.truthful_twin import Truth, truthful_program, truths

ROOT = Path(__file__).parents[2]
PLAN = Path(__file__).with_name("corrections_plan.py")
DENSER, DRIFT_MG_PER_DAY, TUBE_MM, VESSEL_MM = 0.05, -1.5, 4.0, 20.0
TUBE = (TUBE_MM / VESSEL_MM) ** 2
GLASS_G, GLASS_G_PER_ML, LIQUID_G, WEIGHTS_G_PER_ML = 50.0, 2.230, 10.0, 8.0


@dataclass(frozen=True)
class WeighedDay:
    """The volume of the bench, and the truth at either end."""

    volume: DeliveredVolume
    before: Truth
    after: Truth

    @property
    def true_ul(self) -> float:
        return self.after.arrived_ul - self.before.arrived_ul

    @property
    def g_per_ml(self) -> float:
        return (self.after.arrived_mg - self.before.arrived_mg) / self.true_ul

    @property
    def days(self) -> float:
        return (self.after.at_s - self.before.at_s) / 86_400.0

    def error_ul(self, *without: str) -> float:
        return self.volume.recomputed(frozenset(without)).quantity.value - self.true_ul

    def bias_ul(self, step: str) -> float:
        """What the volume must be off by without this step, as the twin knows it."""
        g_per_ml, evaporated_mg = self.g_per_ml, self.after.evaporated_mg - self.before.evaporated_mg
        thicker_air = self.after.air_kg_per_m3 - self.before.air_kg_per_m3  # kg/m³, which is mg/mL
        excess_ml = GLASS_G / GLASS_G_PER_ML + LIQUID_G / g_per_ml - (GLASS_G + LIQUID_G) / WEIGHTS_G_PER_ML
        lift = 1.19e-3 * (1 / g_per_ml - 1 / WEIGHTS_G_PER_ML)
        return {
            "tare": 1000 * self.volume.span.start.mass_g * (1 - TUBE) / g_per_ml,
            "drift": DRIFT_MG_PER_DAY * self.days * (1 - TUBE) / g_per_ml,
            "evaporation": -evaporated_mg / g_per_ml,
            "buoyancy": -self.true_ul * lift - excess_ml * thicker_air * (1 - TUBE) / g_per_ml,
            "density": self.true_ul * (g_per_ml - 1),
            "submerged tube": self.true_ul * TUBE / (1 - TUBE),
        }[step]


def bench_file(folder: Path, addresses: object) -> Path:
    path = folder / "bench.toml"
    simulated_bench(addresses).write(path)  # type: ignore[arg-type]  # what TwinChild gives
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    table = [
        {
            "temperature_c": float(temperature_c),
            "density_kg_per_m3": (1 + DENSER) * water_density_kg_per_m3(temperature_c),
            "expanded_uncertainty_kg_per_m3": 0.1,
        }
        for temperature_c in range(18, 25)
    ]
    content["fluid"] = {"name": "heavy water", "density": table}
    # the twin's surface has no meniscus
    dips_in = {"tube_outer_diameter_mm": TUBE_MM, "outlet": "submerged", "contact_cosine_half_width": 0.0}
    content["vessel"] |= {"inner_diameter_mm": VESSEL_MM, **dips_in}
    content["balance"]["steady_drift_mg_per_day"] = DRIFT_MG_PER_DAY
    content["evaporation"] = {"blank_s": 6 * 3600.0}
    content["preflight"]["evaporation_mg_per_h"] = 0.2
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> WeighedDay:
    folder = tmp_path_factory.mktemp("corrections")
    defects = (f"dense_liquid={DENSER}", f"outlet_dips_in={TUBE_MM}", f"balance_drift={DRIFT_MG_PER_DAY}")
    with TwinChild(TwinOptions(defects=defects), truthful_program(folder / "truth.jsonl")) as addresses:
        file = bench_file(folder, addresses)
        command = [sys.executable, "-m", "pytest", f"--rootdir={ROOT}", f"-c={ROOT / 'tox.ini'}", "-q", "-p"]
        command += ["no:cacheprovider", f"--bench={file}", f"--runs={folder / 'runs'}", str(PLAN)]
        ended = ran(command, folder=ROOT)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (run,) = (folder / "runs").iterdir()
    (told,) = [line.data for line in read_lines(run / "journal.jsonl") if line.kind == "volume"]
    volume, truth = DeliveredVolume.from_dict(told), truths(folder / "truth.jsonl")
    return WeighedDay(volume, truth[round(volume.span.start.time_s)], truth[round(volume.span.end.time_s)])


def test_the_whole_chain_gives_the_true_volume_within_its_uncertainty(day: WeighedDay) -> None:
    assert day.true_ul == pytest.approx(1008, abs=15)
    assert abs(day.error_ul()) <= day.volume.quantity.expanded_uncertainty()
    assert day.volume.quantity.expanded_uncertainty() < 6.0
    assert (day.volume.setup.liquid.name, day.volume.qualifiers) == ("heavy water", ())


@pytest.mark.parametrize(
    ("step", "at_least_ul"),
    [
        ("tare", 0.9),
        ("drift", -1.2),
        ("evaporation", -0.5),
        ("buoyancy", -0.7),
        ("density", 45.0),
        ("submerged tube", 38.0),
    ],
)
def test_a_correction_that_is_left_out_shows_its_own_bias(day: WeighedDay, step: str, at_least_ul: float) -> None:
    bias_ul = day.bias_ul(step)
    assert bias_ul / at_least_ul > 1.0
    assert day.error_ul(step) - day.error_ul() == pytest.approx(bias_ul, rel=0.01, abs=0.15)
    assert abs(day.error_ul(step)) > 2 * abs(day.error_ul())


def test_the_journal_keeps_every_step_with_what_it_made_of_what_it_was_given(day: WeighedDay) -> None:
    assert [step.name for step in day.volume.steps] == list(STEPS)
    assert all(step.applied for step in day.volume.steps)
    assert day.volume.steps[0].before == pytest.approx(1000 * day.volume.span.end.mass_g)
    for step, following in zip(day.volume.steps, day.volume.steps[1:], strict=False):
        assert following.before == step.after
