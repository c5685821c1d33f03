# SPDX-License-Identifier: Apache-2.0
"""How an infusion of a run was weighed and what it was to give, as its own journal tells it."""

from dataclasses import dataclass
from pathlib import Path

from bench.journal import read_lines
from bench.journal.lines import InfusionStarted, TestStarted, Volume
from bench.run_folder import JOURNAL
from metrology.gravimetry import BalanceSpecification, Conditions, Evaporation, Liquid


@dataclass(frozen=True)
class RunWeighing:
    """What the run knew of one infusion.

    Attributes:
        set_rate_ul_per_h: of a program at one rate; None for others.
        balance: with what the run itself found of its repeatability.
        evaporation: of the run's blank.
        liquid: what was weighed.
        conditions: mean air of its longest weighing.
        stroke_volume_ul: of the pump, as its profile says.
    """

    set_rate_ul_per_h: float | None
    balance: BalanceSpecification
    evaporation: Evaporation
    liquid: Liquid
    conditions: Conditions
    stroke_volume_ul: float


def run_weighing(folder: Path, infusion: str) -> RunWeighing | None:
    """Return what a run knew of an infusion.

    Args:
        folder: the run folder.
        infusion: `test::infusion`, as `bench.run.run_recording` names it.

    Returns:
        None where the journal is missing, or holds no weighing of it.
    """
    if not (folder / JOURNAL).is_file():
        return None
    nodes, rates, longest = dict[str, str](), dict[str, float | None](), dict[str, Volume]()
    test = ""
    for line in read_lines(folder / JOURNAL):
        body = line.body
        if isinstance(body, TestStarted):
            test = body.node
        elif isinstance(body, InfusionStarted):
            nodes[body.infusion] = f"{test}::{body.name}"
            rate = body.therapy.get("steady_rate_ul_per_h")
            is_steady = body.therapy.get("mode") == "continuous"
            rates[body.infusion] = float(rate) if is_steady and isinstance(rate, int | float) and rate > 0 else None
        elif isinstance(body, Volume):
            known = longest.get(body.infusion)
            if known is None or _lasts_s(body) > _lasts_s(known):
                longest[body.infusion] = body
    found = [one for one, name in nodes.items() if name == infusion and one in longest]
    if not found:
        return None
    volume = longest[found[-1]]
    return RunWeighing(
        rates[found[-1]],
        volume.balance,
        volume.evaporation.evaporation(),
        volume.liquid,
        volume.conditions,
        volume.stroke_volume_ul,
    )


def _lasts_s(volume: Volume) -> float:
    return volume.end.time_s - volume.start.time_s
