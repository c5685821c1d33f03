# SPDX-License-Identifier: Apache-2.0
"""Charts of infusions made by hand, and the texts of what is drawn of them."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from bench.journal import Entry, SampleColumns, read_lines
from bench.journal.lines import Sample
from bench.profile import Profile
from reports.infusion_pictures import infusion_pictures
from reports.judged_window import JudgedWindow
from reports.page.infusion_chart import InfusionChart
from reports.svg_file import svg_file

PROFILE = Profile.load(Path(__file__).parents[3] / "test_plans" / "profiles" / "implantable-20ml.toml")
SVG = "{http://www.w3.org/2000/svg}"


def columns_of(journal: Path) -> SampleColumns:
    """All samples of a journal that holds one infusion."""
    columns = SampleColumns()
    for line in read_lines(journal):
        if isinstance(line.body, Sample):
            columns.append(line.t_s, line.body)
    return columns


def chart_of(
    journal: Path,
    name: str = "x",
    events: Sequence[Entry] = (),
    judged: Sequence[JudgedWindow] = (),
    infusion: str = "I-0001",
) -> InfusionChart:
    """The chart of the one infusion of a journal."""
    return InfusionChart.of("test-1-chart-1", name, infusion, columns_of(journal), events, judged)


def svgs_of(chart: InfusionChart, *, simulated: bool = True) -> dict[str, bytes]:
    """The pictures of an infusion as files, by name."""
    pictures = infusion_pictures(chart, chart.columns.frame(), PROFILE, simulated=simulated)
    return {one.name: svg_file(one.drawing, one.notes) for one in pictures}


def texts_of(svg: bytes) -> list[str]:
    """Every text that a picture shows."""
    return [one.text or "" for one in ET.fromstring(svg).iter(f"{SVG}text")]
