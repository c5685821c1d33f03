# SPDX-License-Identifier: Apache-2.0
"""Bench files: what they may say, and that every misfit is told at once."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
import tomli_w
from pydantic import BaseModel, ValidationError
from pyvisa.constants import ControlFlow, Parity, StopBits

from bench.bench_file import BenchFile
from bench.clock import ClockMode
from groundfloor.errors import PlanError
from instruments.visa.port import SerialSettings

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "bench-file.md"


def example() -> dict[str, dict[str, object]]:
    """The example of the guide, so that what the guide shows is what is tested."""
    return tomllib.loads(GUIDE.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0])


def keys_of(model: type[BaseModel], table: str = "") -> Iterator[str]:
    """Every key that a bench file may hold, by its whole path."""
    for name, field in model.model_fields.items():
        inner = list(models_in(field.annotation))
        yield from (f"{table}{name}",) if not inner else ()
        for kind in inner:
            yield from keys_of(kind, f"{table}{name}.")


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def shown_keys() -> set[str]:
    """Every key that stands in an example of the guide or of the page on the pre-flight, commented out or not."""
    shown: set[str] = set()
    for page in (GUIDE, GUIDE.with_name("preflight.md")):
        for block in page.read_text(encoding="utf-8").split("```toml\n")[1:]:
            shown |= keys_in(block.split("```")[0])
    return shown


def keys_in(block: str) -> set[str]:
    found: set[str] = set()
    table = outer = ""
    for line in block.splitlines():
        if header := re.match(r"(?:# )?\[+([a-z_.]+)\]", line):
            table = f"{header[1]}."
        elif key := re.match(r"(?:# )?([a-z0-9_]+) = ([{\[]?)(.*)", line):
            outer = f"{table}{key[1]}."
            inner = re.findall(r"([a-z0-9_]+) =", key[3].split("#")[0]) if key[2] else []
            found |= {f"{outer}{name}" for name in inner} or {outer[:-1]}
        elif line.startswith("  {"):
            found |= {f"{outer}{name}" for name in re.findall(r"([a-z0-9_]+) =", line)}
            found.discard(outer[:-1])
    return found


def load(content: dict[str, dict[str, object]], folder: Path) -> BenchFile:
    path = folder / "bench.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return BenchFile.load(path)


def test_the_example_of_the_guide_is_a_real_bench(tmp_path: Path) -> None:
    file = load(example(), tmp_path)
    assert not file.simulated
    assert file.clock.mode is ClockMode.REAL
    assert file.pump.address == "tcp://192.168.10.21:502"
    assert file.balance.calibration.due == date(2026, 3, 14)
    assert file.ambient.temperature_c == (18.0, 24.0)


def test_what_the_guide_shows_for_the_tables_that_may_be_left_out_is_their_default(tmp_path: Path) -> None:
    shown = load(example(), tmp_path)
    short = {key: table for key, table in example().items() if key in ("bench", "pump", "rig", "balance")}
    assert load(short, tmp_path) == shown


def test_every_key_of_a_bench_file_is_in_the_guide_and_every_key_of_the_guide_is_one() -> None:
    keys, shown = set(keys_of(BenchFile)), shown_keys()
    second = {key for key in keys if key.startswith("second_measure.instrument.")}
    assert {key.removeprefix("second_measure.instrument.") for key in second} == {
        key.removeprefix("balance.") for key in keys if key.startswith("balance.")
    }
    keys -= second  # "with the keys of [balance]"
    held = {key for key in keys if key.startswith("firmware_images.") and key.endswith(".content_hex")}
    assert "content_hex in place of file holds it itself" in GUIDE.read_text(encoding="utf-8")
    keys -= held  # said once for the four of them
    beside_each_device = {"rig.unit_id", "rig.firmware_version", "balance.firmware_version"}
    assert keys - shown == beside_each_device, "docs/how-to/bench-file.md lacks keys"
    assert shown - keys == set(), "docs/how-to/bench-file.md shows keys that are none"


def test_serial_settings_reach_the_driver_in_its_words(tmp_path: Path) -> None:
    content = example()
    content["balance"]["serial"] = {"baud_rate": 1200, "data_bits": 7, "parity": "odd", "flow_control": "rts_cts"}
    settings = load(content, tmp_path).balance.access.serial
    assert settings == SerialSettings(1200, 7, Parity.odd, StopBits.one, ControlFlow.rts_cts)


def test_a_bench_written_and_read_is_the_same_bench(tmp_path: Path) -> None:
    content = example()
    content["clock"] = {"mode": "stepped", "control": "127.0.0.1:4711"}
    content["simulation"] = {"model": "implantable-20ml", "seed": 7, "defects": ["rate=1.2"]}
    content["fluid"] = {
        "name": "saline",
        "density": [
            {"temperature_c": 18, "density_kg_per_m3": 1005.1, "expanded_uncertainty_kg_per_m3": 0.2},
            {"temperature_c": 24, "density_kg_per_m3": 1003.9, "expanded_uncertainty_kg_per_m3": 0.2},
        ],
    }
    file = load(content, tmp_path)
    assert file.simulated
    written = tmp_path / "written.toml"
    file.write(written)
    assert BenchFile.load(written) == file


def test_a_map_of_the_labs_own_is_looked_for_beside_the_bench_file(tmp_path: Path) -> None:
    content = example()
    content["pump"]["map"] = "maps/ours.toml"
    file = load(content, tmp_path)
    assert Path(file.pump.map) == tmp_path / "maps" / "ours.toml"
    assert file.rig.map == "rig"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    file.write(elsewhere / "bench.toml")
    assert BenchFile.load(elsewhere / "bench.toml").pump.map == file.pump.map


def test_all_misfits_are_told_at_once(tmp_path: Path) -> None:
    content = example()
    content["bench"]["name"] = "../escape"
    content["pump"]["adress"] = "tcp://h:1"
    content["pump"]["address"] = "http://h:1"
    content["pump"]["timeout_s"] = "2"
    content["rig"]["serial_number"] = "a/b"
    content["balance"]["dialect"] = "sbi2"
    content["balance"]["calibration"] = {
        "certificate": "x", "date": date(2025, 1, 1), "due": date(2024, 1, 1), "expanded_uncertainty_mg": 0.05
    }  # fmt: skip
    del content["balance"]["linearity_mg"]
    content["ambient"]["temperature_c"] = [24, 18]
    content["fluid"] = {"name": "saline"}
    content["clock"] = {"mode": "stepped"}
    with pytest.raises(PlanError) as told:
        load(content, tmp_path)
    for words in (
        "bench.name",
        "pump.adress: unknown key (did you mean 'address'?)",
        "'http' is neither tcp nor rtu",
        "pump.timeout_s",
        "rig.serial_number",
        "balance.dialect",
        "due 2024-01-01 is not after date 2025-01-01",
        "balance.linearity_mg: missing",
        "ambient.temperature_c",
        "there is no density table for 'saline'",
        "control = 'host:port'",
    ):
        assert words in told.value.seen, words


@pytest.mark.parametrize(
    ("clock", "named"),
    [
        ({"mode": "scaled", "speed": 60.0}, "is for twins"),
        ({"mode": "stepped", "control": "h:1"}, "is for twins"),
        ({"mode": "real", "speed": 60.0}, "speed 1"),
        ({"mode": "fast"}, "clock.mode"),
        ({"mode": "real", "control": "no port"}, "clock.control"),
    ],
)
def test_a_real_bench_runs_in_real_time_only(clock: dict[str, object], named: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=named):
        load({**example(), "clock": clock}, tmp_path)


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("pump", "unit_id", -1),
        ("pump", "unit_id", 256),
        ("pump", "serial_number", ".."),
        ("pump", "address", "tcp://host:99999"),
        ("balance", "resource", "USB0::1::2::INSTR"),
        ("balance", "repeatability_mg", 0),
        ("balance", "readability_mg", -0.01),
        ("rig", "injector_time_limit_s", 0),
        ("evaporation", "blank_s", 0),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_its_key(table: str, key: str, value: object, tmp_path: Path) -> None:
    content = example()
    content[table][key] = value
    with pytest.raises(PlanError, match=rf"{table}\.{key}"):
        load(content, tmp_path)


def test_a_misfit_of_a_whole_table_does_not_print_the_table(tmp_path: Path) -> None:
    with pytest.raises(PlanError) as told:
        load({**example(), "clock": {"mode": "scaled", "speed": 60.0}}, tmp_path)
    assert told.value.seen == "the file: clock.mode scaled is for twins; without [simulation] it must be 'real'"


def test_a_file_that_is_not_there_names_its_neighbours(tmp_path: Path) -> None:
    load(example(), tmp_path)
    with pytest.raises(PlanError, match=r"no such file.*bench\.toml"):
        BenchFile.load(tmp_path / "bnch.toml")


def test_a_bench_that_cannot_be_written_is_a_plan_error(tmp_path: Path) -> None:
    file = load(example(), tmp_path)
    with pytest.raises(PlanError, match="folder that you may write to"):
        file.write(tmp_path / "nowhere" / "bench.toml")


def saline(*lines: tuple[float, float]) -> dict[str, object]:
    keys = ("temperature_c", "density_kg_per_m3")
    table = [dict(zip(keys, line, strict=True)) | {"expanded_uncertainty_kg_per_m3": 0.2} for line in lines]
    return {"name": "saline", "density": table}


@pytest.mark.parametrize(
    ("fluid", "told"),
    [
        (saline((18.0, 1005.1), (23.0, 1004.1)), "'saline' goes from 18 to 23 °C, .* allows 18 to 24 °C"),
        (saline((18.0, 1005.1)), "there is no density table for 'saline'"),
        (saline((24.0, 1003.9), (18.0, 1005.1)), "do not rise"),
        ({**saline((18.0, 998.6), (24.0, 997.3)), "name": "water"}, "the density of water is computed"),
    ],
)
def test_a_liquid_whose_density_is_not_known_all_over_the_room_is_refused(
    fluid: dict[str, object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(PlanError, match=told):
        load(example() | {"fluid": fluid}, tmp_path)


def test_a_tube_that_dips_in_needs_a_vessel_that_is_wider(tmp_path: Path) -> None:
    dips_in = {"inner_diameter_mm": 20.0, "tube_outer_diameter_mm": 1.0}
    assert load(example() | {"vessel": dips_in}, tmp_path).vessel.tube_share == pytest.approx(0.0025)
    assert load(example(), tmp_path).vessel.tube_share == 0.0
    assert load(example() | {"vessel": dips_in}, tmp_path).vessel.hanging_drop_mg == 0.0
    for vessel in ({"tube_outer_diameter_mm": 1.0}, dips_in | {"tube_outer_diameter_mm": 20.0}):
        with pytest.raises(PlanError, match="wider than the tube"):
            load(example() | {"vessel": vessel}, tmp_path)


@pytest.mark.parametrize(
    ("vessel", "drop_mg"),
    [({}, 20.0), ({"drop_mg": 8.0}, 8.0), ({"outlet": "free", "drop_mg": 8.0}, 8.0), ({"outlet": "on the wall"}, 0.0)],
)
def test_an_outlet_that_is_raised_drips_unless_somebody_says_that_it_touches_the_wall(
    vessel: dict[str, object], drop_mg: float, tmp_path: Path
) -> None:
    content = example()
    content.pop("vessel", None)
    assert load(content | {"vessel": vessel}, tmp_path).vessel.hanging_drop_mg == drop_mg


@pytest.mark.parametrize(
    "vessel",
    [
        {"outlet": "submerged"},
        {"outlet": "on the wall", "inner_diameter_mm": 20.0, "tube_outer_diameter_mm": 1.0},
        {"outlet": "free", "inner_diameter_mm": 20.0, "tube_outer_diameter_mm": 1.0},
    ],
)
def test_an_outlet_dips_in_with_its_diameter_or_not_at_all(vessel: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="tube_outer_diameter_mm is"):
        load(example() | {"vessel": vessel}, tmp_path)


def test_a_temperature_at_which_volumes_are_stated_must_be_in_the_table(tmp_path: Path) -> None:
    density = [
        {"temperature_c": at_c, "density_kg_per_m3": 1005.0, "expanded_uncertainty_kg_per_m3": 0.2} for at_c in (18, 24)
    ]
    fluid = {"name": "baclofen", "density": density, "volume_at_c": 37.0}
    with pytest.raises(PlanError, match="volume_at_c is 37 °C"):
        load(example() | {"fluid": fluid}, tmp_path)
    stated = load(example() | {"fluid": {"volume_at_c": 37.0}}, tmp_path).fluid
    assert stated.title == "water, volumes at 37 °C"
    assert load(example(), tmp_path).fluid.title == "water"


def test_the_bench_file_of_the_page_on_manual_rigs_is_taken() -> None:
    page = (GUIDE.parent / "manual-rig.md").read_text(encoding="utf-8")
    shown = tomllib.loads(page.partition("```toml")[2].partition("```")[0])
    content = example()
    content["rig"] = {**shown["rig"], "position_tolerance_percent": 2.0}
    bench = BenchFile.model_validate({**content, "safe_state": shown["safe_state"]})
    assert bench.safe_state.step[-1].limit_s == 600.0


def test_only_the_last_step_to_the_safe_state_may_wait_for_a_person() -> None:
    content = example()
    steps = [{"do": str(step.do), "limit_s": 600} for step in BenchFile.model_validate(content).safe_state.step]
    with pytest.raises(ValidationError, match="stop_pump may take 60 s at most, seen 600"):
        BenchFile.model_validate({**content, "safe_state": {"step": steps}})
