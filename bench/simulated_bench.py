# SPDX-License-Identifier: Apache-2.0
"""The bench file of a twin: written from the addresses that the twin process told."""

from collections.abc import Mapping
from datetime import date

from bench.bench_file import BenchFile
from instruments.simulated.balance.second_cell import MODELS
from instruments.simulated.specimen.firmware_image import FirmwareImage
from instruments.simulated.specimen.model_figures import with_figures
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.wires.twin_addresses import TwinAddresses

STEPPED_PATIENCE_S = 1.0
TELLS_LITTLE = {"capacity_g": 220.0, "accept_unverified_settings": True}
"""What has to be said of a balance whose dialect tells neither its capacity nor its settings."""

FIGURES: Mapping[str, object] = {
    "readability_mg": 0.01,
    "repeatability_mg": 0.02,
    "linearity_mg": 0.1,
    "drift_mg_per_day": 0.2,
    "calibration": {
        "certificate": "SIMULATED",
        "date": date(1999, 1, 1),
        "due": date(2999, 1, 1),
        "expanded_uncertainty_mg": 0.05,
    },
}
"""What a simulated balance is worth, the second one too."""


def simulated_bench(twin: TwinAddresses) -> BenchFile:
    """Return the bench file that leads to a running twin; it is stamped SIMULATED.

    It names the pump that such a twin ought to be: a twin that says it is another one is found out.
    """
    pump = with_figures(PumpModel.named(twin.model), twin.figures)
    stepped, code = twin.clock == "stepped", pump.session_code
    return BenchFile.model_validate(
        {
            "bench": {"name": "simulated", "description": f"twin of {twin.model}"},
            "clock": {
                "mode": twin.clock,
                "speed": 1.0 if stepped else twin.speed,
                **({"control": twin.control} if stepped else {}),
            },
            "pump": {
                "address": twin.pump,
                **({} if twin.map == "pump" else {"map": twin.map}),
                "serial_number": pump.serial_number,
                **({} if code is None else {"session_code": code}),
            },
            "rig": {"address": twin.rig, "serial_number": twin.rig_serial},
            "balance": {
                "resource": twin.balance,
                "serial_number": twin.balance_serial,
                "dialect": twin.dialect,
                **({} if twin.dialect == "mt-sics" else TELLS_LITTLE),
                **({"serial": {"parity": "none"}} if twin.balance.startswith("ASRL") else {}),  # a pty keeps no other
                **FIGURES,
            },
            **({} if not twin.second else {"second_measure": _second(twin)}),
            "drug_path": {"catheter_ul": pump.catheter_ul},
            "firmware_images": _firmware_images(pump),
            "vessel": {"mass_g": 50.0, "liquid_g": 10.0, "inner_diameter_mm": 20.0, "outlet": "on the wall"},
            # a twin whose time stands still answers at once or never
            **({"limits": {"patience_s": STEPPED_PATIENCE_S}} if stepped else {}),
            "simulation": {
                "model": twin.model,
                "seed": twin.seed,
                "defects": tuple(twin.defects),
                **({"figures": tuple(twin.figures)} if twin.figures else {}),
            },
        }
    )


def _second(twin: TwinAddresses) -> Mapping[str, object]:
    """Return what the bench file says of the second measure; its uncertainty is assumed, and wider than its twin's."""
    return {
        "shows": next(str(shows) for shows, model in MODELS.items() if model == twin.second_model),
        "expanded_uncertainty_percent": 0.5,
        "expanded_uncertainty_ul": 2.0,
        "instrument": {
            "resource": twin.second,
            "serial_number": twin.second_serial,
            "dialect": twin.dialect,
            **({} if twin.dialect == "mt-sics" else TELLS_LITTLE),
            **({"serial": {"parity": "none"}} if twin.second.startswith("ASRL") else {}),
            **FIGURES,
        },
    }


def _firmware_images(pump: PumpModel) -> dict[str, object]:
    """Return the image that the twin runs, one before it, one after it, and one for another model."""
    number = pump.firmware_version.removesuffix("-twin").split(".")
    versions = {
        "present": pump.firmware_version,
        "newer": f"{number[0]}.{int(number[1]) + 1}.0-twin",
        "older": f"{int(number[0]) - 1}.9.9-twin",
        "other_model": f"{int(number[0]) + 1}.0.0-twin",
    }
    return {name: _image(f"{pump.model}{'-B' * (name == 'other_model')}", one) for name, one in versions.items()}


def _image(model: str, version: str) -> dict[str, str]:
    return {"version": version, "content_hex": FirmwareImage.made(model, version).content.hex()}
