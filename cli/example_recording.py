# SPDX-License-Identifier: Apache-2.0
"""A recording to try `pumpbench analyse` on: six hours of a made-up pump, weighed twice a minute."""

import math
from pathlib import Path

import typer

from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode

RATE_UL_PER_H = 500.0
"""What the pump is set to."""
GAIN = 1.012
"""It gives a little more."""
STROKE_UL = 2.5
STARTS_WITHIN_S = 240.0
INTERVAL_S, DURATION_S = 30, 6 * 3600
G_PER_UL = 0.000997


def write_example(path: Path | None) -> None:
    """Write the recording and end; nothing where it was not asked for.

    Raises:
        PlanError: there is such a file already, or it cannot be written.
    """
    if path is None:
        return
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write("time_s,mass_g\n")
            file.writelines(f"{t_s},{_mass_g(t_s):.5f}\n" for t_s in range(0, DURATION_S + 1, INTERVAL_S))
    except OSError as refused:
        raise PlanError(f"file {path}", "write the example", str(refused), "name another file") from refused
    typer.echo(f'Wrote {path}. Now: pumpbench analyse {path} --rate "0.5 mL/h" --out day')
    raise typer.Exit(ExitCode.PASSED)


def _mass_g(t_s: float) -> float:
    """Return what whole strokes have brought onto the balance, with a catheter that fills in the first minutes."""
    lag_s = STARTS_WITHIN_S * (1 - math.exp(-t_s / STARTS_WITHIN_S))
    given_ul = GAIN * RATE_UL_PER_H * (t_s - lag_s) / 3600
    return G_PER_UL * STROKE_UL * math.floor(given_ul / STROKE_UL)
