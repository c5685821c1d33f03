# SPDX-License-Identifier: Apache-2.0
"""The catalogue of defects as a page of the documents: what is wrong, what it reddens, and where it shows."""

import sys
from collections.abc import Iterator

from instruments.simulated.specimen.defect import Asset, Defect
from instruments.simulated.specimen.defects import DEFECTS

_INTRODUCTION = """# Defects of the twin

Made by `python -m instruments.simulated.specimen.catalogue_page > docs/defects.md` from the catalogue;
`tests/sim/test_defects.py` runs each row and holds that it ends so and reddens exactly these requirements.

Each is asked for with `--defect NAME` or `--defect NAME=MAGNITUDE` and changes one thing of a good twin. *Met* says
where such a one was met ("domain" and "protocol" are the collections of facts that the design rests on), or that it is
assumed; every magnitude is. [Detection](detection.md) says what the whole protocol makes of each. A bad pump
fails the requirements that it breaks in the test that is named, and no others. A bad instrument fails none: the run
ends BLOCKED or INCONCLUSIVE. Where it ends PASS, the bench corrects for it, or nothing of it shows in a chapter.
"""
_TITLES = {Asset.PUMP: "Bad pumps", Asset.INSTRUMENT: "Bad instruments"}
_HEAD = "| defect | what is wrong | ends | requirements reddened | chapter, test | met |\n|---|---|---|---|---|---|"


def page() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *(part for asset in Asset for part in _table(asset))])


def _table(asset: Asset) -> Iterator[str]:
    yield f"## {_TITLES[asset]}\n\n{_HEAD}"
    yield from (_row(one) for one in DEFECTS.values() if one.asset is asset)
    yield ""


def _row(defect: Defect) -> str:
    shows = defect.shows
    where = f"{shows.chapter}, {shows.test}" if shows.test else shows.chapter
    where += f", profile {shows.profile}" if shows.profile else ""
    told = (f"`{defect.usual}`", defect.description, shows.ends, ", ".join(shows.reddens), where, defect.source)
    return f"| {' | '.join(told)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
