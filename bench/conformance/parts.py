# SPDX-License-Identifier: Apache-2.0
"""The conformance kit of plug-ins that have no wire: injectors, therapies, defects, corrections; by themselves."""

import json
import math
from dataclasses import fields, replace
from itertools import pairwise

from bench.conformance.correction_checks import Check, correction_checks
from bench.conformance.drivers.driver_trial import DriverFinding
from bench.conformance.outcome import Differs
from bench.conformance.tried_check import tried_check
from bench.corrections import accepted_correction
from bench.injectors import FULLY
from bench.injectors.injector import Injector
from bench.therapy.registry import TherapyMode, accepted_mode
from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind, Offer
from groundfloor.plug_ins.guarded import guarded
from groundfloor.plug_ins.verbs import refuse_missing_verbs
from instruments.rig import RigOutputs
from instruments.simulated.specimen.defect import Defect
from instruments.simulated.specimen.defects import accepted_defect
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.specimen.twin_specification import TwinSpecification

DAY_S = 86400.0
MODEL = "implantable-20ml"
VOLUME_UL = 1e-6


def try_part(kind: Kind, offer: Offer) -> tuple[DriverFinding, ...]:
    """Try a plug-in without a wire.

    Raises:
        PlanError: it cannot be loaded, is of another kind, or the kind has no kit.
    """
    found = offer.load()
    match kind:
        case Kind.INJECTOR:
            refuse_missing_verbs(offer, found, Injector)
            injector: Injector = guarded(found, offer.told, Injector)
            checks = _injector(injector)
        case Kind.THERAPY:
            checks = _therapy(offer, found)
        case Kind.DEFECT if isinstance(found, Defect):
            checks = _defect(accepted_defect(replace(offer, name=found.name), found))
        case Kind.DEFECT:
            raise PlanError(offer.told, "check", f"it is a {type(found).__name__}", "offer a Defect")
        case Kind.CORRECTION:
            checks = correction_checks(accepted_correction(replace(offer, name=str(getattr(found, "name", ""))), found))
        case _:
            raise PlanError(
                offer.told, "try", f"there is no kit for {kind}", "`pumpbench conformance --help` names the kinds"
            )
    return tuple(tried_check(*check) for check in checks)


# --- injectors --------------------------------------------------------------------------------------------------------
def _injector(injector: Injector) -> tuple[Check, ...]:
    def is_safe_at_nought() -> str:
        if (at_nought := injector.moved(RigOutputs(), 0.0)) != RigOutputs():
            raise Differs(f"0 % orders {at_nought}")
        return "0 % is the safe state"

    def moves_one_thing() -> str:
        changed = _changed(injector.moved(RigOutputs(), FULLY))
        if len(changed) != 1:
            raise Differs(f"100 % changes {', '.join(changed) or 'nothing'}")
        return f"it moves {changed[0]}"

    def leaves_others_alone() -> str:
        busy = RigOutputs(50.0, True, 25.0, 2500, True)
        own = set(_changed(injector.moved(RigOutputs(), FULLY)))
        moved = injector.moved(busy, 10.0)
        others = [one.name for one in fields(busy) if one.name not in own]
        touched = [name for name in others if getattr(moved, name) != getattr(busy, name)]
        if touched:
            raise Differs(f"it also changes {', '.join(touched)}")
        return "what others were told stays"

    def promises_nothing_at_nought() -> str:
        if injector.promised(0.0) is not None:
            raise Differs("it promises an effect at 0 %")
        return str(injector.promised(FULLY))

    return (
        ("I-1", "0 % is the safe state", is_safe_at_nought),
        ("I-2", "it moves one actuator", moves_one_thing),
        ("I-3", "it leaves the other actuators as they are", leaves_others_alone),
        ("I-4", "at 0 % it promises no effect", promises_nothing_at_nought),
    )


def _changed(outputs: RigOutputs) -> list[str]:
    return [one.name for one in fields(outputs) if getattr(outputs, one.name) != getattr(RigOutputs(), one.name)]


# --- therapies --------------------------------------------------------------------------------------------------------
def _therapy(offer: Offer, mode: object) -> tuple[Check, ...]:
    missing = [verb for verb in ("example", "from_description") if not callable(getattr(mode, verb, None))]
    if missing or not isinstance(mode, TherapyMode):
        seen = f"{mode!r} has no {missing[0] if missing else 'name'}"
        raise PlanError(offer.told, "check", seen, "give its class from_description, and example() -> a therapy to try")
    known = accepted_mode(replace(offer, name=str(mode.name)), mode)
    therapy = known.example()

    def adds_up() -> str:
        cuts = [0.0, 1234.5, DAY_S / 3, DAY_S, 2.5 * DAY_S]
        parts = sum(therapy.volume_ul(a, b, 0.0) for a, b in pairwise(cuts))
        whole = therapy.volume_ul(cuts[0], cuts[-1], 0.0)
        if not math.isclose(parts, whole, rel_tol=1e-9, abs_tol=VOLUME_UL):
            raise Differs(f"parts give {parts:g} µL, the whole {whole:g} µL")
        return f"{whole:g} µL in 2.5 days"

    def is_its_rate() -> str:
        cuts = [0.0, *therapy.boundaries_s(0.0, 2 * DAY_S, 0.0), 2 * DAY_S]
        of_rates = sum(therapy.rate_ul_per_h(a, 0.0) * (b - a) / 3600.0 for a, b in pairwise(cuts))
        whole = therapy.volume_ul(0.0, 2 * DAY_S, 0.0)
        if not math.isclose(of_rates, whole, rel_tol=1e-9, abs_tol=VOLUME_UL):
            raise Differs(f"rates between boundaries give {of_rates:g} µL, volume_ul {whole:g} µL: another unit?")
        return f"{len(cuts) - 2} boundaries in two days"

    def is_told_again() -> str:
        description = json.loads(json.dumps(therapy.describe()))
        again = known.from_description(description)
        if again.describe() != description or description.get("mode") != getattr(mode, "name", None):
            raise Differs(f"{description} became {again.describe()}")
        return json.dumps(description)

    def is_a_program() -> str:
        return str(therapy.program(0.0))

    return (
        ("T-1", "volumes of parts add up", adds_up),
        ("T-2", "the volume is that of the rates between boundaries", is_its_rate),
        ("T-3", "its description makes it again", is_told_again),
        ("T-4", "it can be programmed", is_a_program),
    )


# --- defects ----------------------------------------------------------------------------------------------------------
def _defect(defect: Defect) -> tuple[Check, ...]:
    def changes_a_good_twin() -> str:
        good = TwinSpecification(PumpModel.named(MODEL))
        changed = defect.change(good, defect.default or 0.0)
        if changed == good:
            raise Differs("the twin stays good")
        return defect.example

    def takes_its_magnitudes() -> str:
        if defect.default is not None and not defect.least <= defect.default <= defect.most:
            raise Differs(f"its usual magnitude {defect.default:g} is none from {defect.least:g} to {defect.most:g}")
        return f"{defect.least:g} to {defect.most:g}"

    return (
        ("F-1", "it changes a good twin", changes_a_good_twin),
        ("F-2", "its usual magnitude is one of its own", takes_its_magnitudes),
    )
