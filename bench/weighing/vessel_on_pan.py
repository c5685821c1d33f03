# SPDX-License-Identifier: Apache-2.0
"""What the bench file says of liquid and vessel, in the words of gravimetry; and the air that they stand in."""

from dataclasses import replace

from bench.bench import Bench
from bench.bench_file import BenchFile
from instruments.rig import RigReading
from metrology.gravimetry import Conditions, DensityLine, Liquid, Load, Vessel


def liquid_of(file: BenchFile) -> Liquid:
    """Return the liquid that the pump delivers."""
    lines = file.fluid.density
    table = (DensityLine(one.temperature_c, one.density_kg_per_m3, one.expanded_uncertainty_kg_per_m3) for one in lines)
    return Liquid(file.fluid.name, tuple(table), file.fluid.volume_at_c)


def vessel_of(file: BenchFile) -> Vessel:
    """Return the vessel; one whose mass nobody stated may be anything that fits a laboratory."""
    stated = file.vessel
    return replace(
        _load_of(file),
        tube_mm=stated.tube_outer_diameter_mm,
        contact_cosine_half_width=stated.contact_cosine_half_width,
        drop_mg=stated.hanging_drop_mg,
        static_mg=stated.static_mg,
        static_below_percent=file.ambient.static_below_percent,
    )


def _load_of(file: BenchFile) -> Vessel:
    stated = file.vessel
    if stated.mass_g is None:
        return Vessel(tube_share=stated.tube_share)
    middle_c = sum(file.ambient.temperature_c) / 2
    liquid_kg_m3 = liquid_of(file).density_kg_m3(middle_c)
    return Vessel.of(
        Load(stated.mass_g, stated.density_kg_per_m3),
        Load(stated.liquid_g, liquid_kg_m3, stated.liquid_half_width_g),
        stated.tube_share,
    )


def conditions_of(reading: RigReading) -> Conditions:
    """Return the air of one reading of the rig.

    Raises:
        Inconclusive: a sensor gave no number, or one that no laboratory has.
    """
    return Conditions(reading.temperature_c, reading.air_pressure_hpa, reading.humidity_percent)


def conditions_now(bench: Bench) -> Conditions:
    """Read the rig and return the air.

    Raises:
        Inconclusive: as `conditions_of`.
    """
    return conditions_of(bench.reader.read(bench.rig.read).observed)
