# SPDX-License-Identifier: Apache-2.0
"""The blank: what the balance loses while the pump stands still is evaporation and drift, no delivery."""

from bench.bench import Bench
from bench.gravimetry import Evaporation
from bench.journal import Journal
from instruments.balance import BalanceBusy
from instruments.errors import BenchFault

READINGS = 61
TARE_ATTEMPTS = 60


def measure_blank(bench: Bench, journal: Journal) -> Evaporation:
    """Weigh the vessel with the pump stopped, for as long as the bench file says, and fit the slope.

    Raises:
        BenchFault: the pump is not stopped, or the balance fails.
    """
    if (rate_ul_per_h := bench.pump.read().active_rate_ul_per_h) != 0:
        raise BenchFault("pump", "measure the blank", f"it runs at {rate_ul_per_h} µL/h", "stop it first")
    duration_s = bench.file.evaporation.blank_s
    journal.write("step", title=f"Evaporation blank: pump stopped, {duration_s / 60:g} min")
    tare(bench)
    times_s: list[float] = []
    masses_g: list[float] = []
    start_s = bench.clock.now_s()
    for number in range(READINGS):
        bench.pace.pass_until(start_s + number * duration_s / (READINGS - 1))
        times_s.append(bench.clock.now_s())
        masses_g.append(bench.balance.read_mass_g().mass_g)
    evaporation = Evaporation.from_blank(times_s, masses_g)
    journal.write(
        "event",
        what="blank",
        title=f"Blank: {evaporation.rate_mg_per_h:.4f} ± {evaporation.standard_uncertainty_mg_per_h:.4f} mg/h (u)",
        times_s=[round(time_s, 3) for time_s in times_s],
        masses_g=masses_g,
        rate_mg_per_h=evaporation.rate_mg_per_h,
        standard_uncertainty_mg_per_h=evaporation.standard_uncertainty_mg_per_h,
    )
    return evaporation


def tare(bench: Bench) -> None:
    """Tare the balance, giving an unquiet load a minute to come to rest.

    Raises:
        BenchFault: the load does not come to rest.
    """
    for _ in range(TARE_ATTEMPTS):
        try:
            bench.balance.tare()
        except BalanceBusy:
            bench.pace.pass_for(1.0)
        else:
            return
    raise BenchFault("balance", "tare", f"not stable within {TARE_ATTEMPTS} s", "shield it from draughts and vibration")
