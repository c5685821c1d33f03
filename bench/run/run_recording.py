# SPDX-License-Identifier: Apache-2.0
"""Takes one infusion out of a run of our own, as a recording of the balance's raw mass."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bench.journal import read_lines
from bench.journal.lines import RunStarted
from bench.run_folder import JOURNAL
from groundfloor.errors import PlanError
from instruments.pump import PumpState
from metrology.recording.recording import Recording
from metrology.recording.unit import Dimension

SAMPLES = "samples.parquet"
_COLUMNS = ("node", "infusion", "t_s", "mass_g", "state")
_DELIVERING = (PumpState.INFUSING, PumpState.BOLUS)


def read_run(path: Path, infusion: str | None = None) -> Recording:
    """Read the samples of one infusion, from the first to the last at which the pump said that it delivers.

    Args:
        path: a run folder, or its `samples.parquet`.
        infusion: part of `test::infusion`; may be left out where the run holds one infusion only.

    Raises:
        PlanError: there are no such samples, or several infusions could be meant.
    """
    file = path / SAMPLES if path.is_dir() else path
    who = f"run {path}"
    try:
        frame = pq.read_table(file, columns=list(_COLUMNS)).to_pandas()
    except (OSError, pa.ArrowException, KeyError) as refused:
        raise PlanError(who, f"read {file.name}", str(refused), "name the folder of a run that has ended") from refused
    name, chosen = _infusion(who, frame, infusion)
    # While a stepped clock stands still, the bench may look twice at one instant.
    chosen = _delivered(chosen.drop_duplicates("t_s", keep="last"))
    times_s, masses_mg = chosen["t_s"].to_numpy(dtype=float), 1000 * chosen["mass_g"].to_numpy(dtype=float)
    usable = np.isfinite(masses_mg)
    if len(times_s) < 3 or not usable.all() or not np.all(np.diff(times_s) > 0):
        backwards = ", times that run backwards" if np.any(np.diff(times_s) <= 0) else ""
        seen = f"{name}: {len(times_s)} samples, {int((~usable).sum())} without a mass{backwards}"
        raise PlanError(who, "read the samples", seen, "choose another infusion with --infusion")
    recording = Recording(
        str(path), times_s - times_s[0], masses_mg, Dimension.MASS, ("t_s", "mass_g"), 0, f"{times_s[0]:g} s"
    )
    return replace(recording, simulated=_simulated(file.parent), assumed=(f"infusion {name}",))


def _infusion(who: str, frame: pd.DataFrame, wanted: str | None) -> tuple[str, pd.DataFrame]:
    names = frame["node"].astype(str) + "::" + frame["infusion"].astype(str)
    known = list(dict.fromkeys(names))
    meant = [name for name in known if wanted is None or wanted in name]
    if len(meant) != 1:
        seen = f"{len(meant)} infusions are meant, of: {', '.join(known) or 'none'}"
        raise PlanError(who, "choose an infusion", seen, "write a part of one name after --infusion")
    return meant[0], frame[names == meant[0]]


def _delivered(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out what is sampled before the start and after the stop; a pump that never said it runs is left whole."""
    runs = np.flatnonzero(frame["state"].isin(_DELIVERING))
    return frame.iloc[runs[0] : runs[-1] + 1] if len(runs) else frame


def _simulated(folder: Path) -> bool:
    """Tell whether the run was made on a twin; where the journal is missing, nobody can say that it was not."""
    if not (folder / JOURNAL).is_file():
        return True
    begun = (line.body for line in read_lines(folder / JOURNAL) if line.kind == RunStarted.kind)
    return any(isinstance(line, RunStarted) and line.simulated for line in begun)
