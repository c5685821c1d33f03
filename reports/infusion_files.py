# SPDX-License-Identifier: Apache-2.0
"""Pictures and samples of an infusion as files of the run folder, beside the report instead of in it.

The report shows them from there, by a relative link, and stays small; whoever takes the report elsewhere takes the run
folder. They are made of the journal when the run is over: nothing draws while a pump runs.
"""

from dataclasses import dataclass, field
from pathlib import Path

from bench.profile import Profile
from groundfloor.errors import BenchFault
from groundfloor.file_in_folder import write_in_folder
from reports.infusion_pictures import InfusionPicture, infusion_pictures
from reports.page.drawing import Drawing
from reports.page.infusion_chart import InfusionChart
from reports.page.page_html import OWN_ID
from reports.samples_csv import as_csv
from reports.svg_file import svg_file

PICTURES = "pictures"
SAMPLES = "samples"
PICTURE = ".svg"


@dataclass(frozen=True)
class FileBeside:
    """A file beside the report: what it shows, and its path in the run folder."""

    name: str
    path: str

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be shown in place."""
        return self.path.endswith(PICTURE)


@dataclass
class InfusionFiles:
    """What there is of an infusion beside the report.

    Attributes:
        name: what people call the infusion.
        files: those that were written.
        delivery: the drawing that the page shows as well; None where it could not be made.
        further: the other pictures, which the page shows below it.
        missing: why the rest is missing, in a sentence; empty where nothing is.
    """

    name: str
    files: list[FileBeside] = field(default_factory=list)
    delivery: Drawing | None = None
    further: list[InfusionPicture] = field(default_factory=list)
    missing: str = ""


def write_infusion_files(
    run_folder: Path, chart: InfusionChart, profile: Profile | None, *, simulated: bool
) -> InfusionFiles:
    """Write the samples and the pictures of an infusion; never raises for what keeps one from being made.

    Args:
        run_folder: the run.
        chart: the infusion.
        profile: says which limits are drawn; None where it is not known.
        simulated: whether a twin delivered.
    """
    made = InfusionFiles(chart.name)
    try:
        _write_all(run_folder, chart, profile, simulated, made)
    except Exception as reason:  # noqa: BLE001  # no verdict hangs on a picture: whatever it is, it is told
        made.missing = f"{type(reason).__name__}: {reason}"
    return made


def _write_all(
    run_folder: Path, chart: InfusionChart, profile: Profile | None, simulated: bool, made: InfusionFiles
) -> None:
    if not OWN_ID.fullmatch(chart.infusion):
        raise BenchFault(
            f"infusion {chart.name}", "name its files", f"its id is {chart.infusion!r}", "mend the journal"
        )
    frame = chart.columns.frame()
    table = f"{SAMPLES}/{chart.infusion}.csv"
    write_in_folder(run_folder, table, as_csv(frame))
    made.files.append(FileBeside(f"{chart.name}: all samples", table))
    for picture in infusion_pictures(chart, frame, profile, simulated=simulated):
        if made.delivery is None:
            made.delivery = picture.drawing
        else:
            made.further.append(picture)
        path = f"{PICTURES}/{chart.infusion}-{picture.name}{PICTURE}"
        write_in_folder(run_folder, path, svg_file(picture.drawing, picture.notes))
        made.files.append(FileBeside(f"{chart.name}: {picture.name}", path))
