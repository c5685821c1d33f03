# SPDX-License-Identifier: Apache-2.0
"""SVG files as pictures of pixels, for documents that take no others."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

PIXELS_PER_INCH = 200
"""What a printed page resolves of thin lines."""
TEMPLATE = """#set page(width: 740pt, height: auto, margin: 0pt)
#set text(font: "DejaVu Sans")
#for place in range({count}) { if place > 0 { pagebreak() }; image(str(place) + ".svg", width: 100%) }
"""


def png_files(drawings: Sequence[bytes]) -> list[bytes]:
    """Return each of several SVG files as PNG, as wide as a page.

    Args:
        drawings: as `reports.svg_file` makes them.
    """
    if not drawings:
        return []
    import matplotlib as mpl  # both take long to import, and only a document needs them
    import typst

    with TemporaryDirectory(prefix="pumpbench-pictures-") as place:
        folder = Path(place)
        for number, drawing in enumerate(drawings):
            (folder / f"{number}.svg").write_bytes(drawing)
        (folder / "pictures.typ").write_text(TEMPLATE.replace("{count}", str(len(drawings))), encoding="utf-8")
        made = typst.compile(
            str(folder / "pictures.typ"),
            root=place,
            font_paths=[str(Path(mpl.get_data_path()) / "fonts" / "ttf")],
            ignore_system_fonts=True,
            format="png",
            ppi=PIXELS_PER_INCH * 170 / 261,
        )
    return [made] if isinstance(made, bytes) else list(made)
