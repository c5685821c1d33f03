# SPDX-License-Identifier: Apache-2.0
"""Pictures and samples of an infusion as files of the run folder, beside the report instead of in it.

The report shows them from there, by a relative link, and stays small; whoever takes the report elsewhere takes the run
folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from bench.journal import Entry
from bench.profile import Profile
from groundfloor.file_in_folder import write_in_folder
from metrology.verdict import Limits
from reports.infusion_pictures import infusion_pictures
from reports.infusion_plot import draw
from reports.judged_window import JudgedWindows
from reports.samples_csv import as_csv

PICTURES = "pictures"
SAMPLES = "samples"


@dataclass
class InfusionShown:
    """What is shown of one infusion besides its samples.

    Attributes:
        id: of the infusion in its run.
        name: what people call it.
        events: what happened in it.
        windows: what was weighed between its marks, and how it was judged.
    """

    id: str
    name: str
    events: list[Entry] = field(default_factory=list)
    windows: JudgedWindows = field(default_factory=JudgedWindows)


@dataclass(frozen=True)
class FileBeside:
    """A file beside the report: what it shows, and its path in the run folder."""

    name: str
    path: str

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be shown in place."""
        return self.path.endswith(".png")


def write_infusion_files(
    run_folder: Path, infusion: InfusionShown, frame: pd.DataFrame, profile: Profile, *, simulated: bool
) -> Sequence[FileBeside]:
    """Write the pictures and the samples of an infusion, and return what there is now.

    Args:
        run_folder: the run.
        infusion: what is shown.
        frame: its samples, of `bench.journal.samples_frame`.
        profile: says which limits are drawn.
        simulated: whether a twin delivered.

    Raises:
        BenchFault: a folder on the way is a link.
        OSError: the disk does not take them.
    """
    percent, title = profile.accuracy_percent.value, infusion.name
    limits = Limits(-percent, percent, "%", f"profile {profile.name}: accuracy_percent")
    drawn = draw(frame, title, infusion.events, simulated=simulated, judged=infusion.windows.judged)
    made = [_written(run_folder, infusion, f"{PICTURES}/{infusion.id}-delivery.png", "delivery", drawn)]
    for name, picture in infusion_pictures(frame, title, limits, profile, simulated=simulated):
        path = f"{PICTURES}/{infusion.id}-{name}.png"
        made.append(_written(run_folder, infusion, path, name, picture.png()))
    made.append(_written(run_folder, infusion, f"{SAMPLES}/{infusion.id}.csv", "all samples", as_csv(frame)))
    return made


def _written(run_folder: Path, infusion: InfusionShown, path: str, name: str, content: bytes) -> FileBeside:
    write_in_folder(run_folder, path, content)
    return FileBeside(f"{infusion.name}: {name}", path)
