# SPDX-License-Identifier: Apache-2.0
"""Shows in each Allure result what its test infused: pictures in the description, the table of samples as a link.

They stand beside the report, see `reports/infusion_files.py`. What could not be made is told in their place. It can be
done again at any time: what an earlier time has put there goes first.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from groundfloor.file_in_folder import write_in_folder
from reports.allure_statuses import results_of
from reports.infusion_files import PICTURES, SAMPLES, FileBeside, InfusionFiles
from reports.markdown_text import as_text
from reports.summary import Summary

BETWEEN = "\n\n"
MISSING = "Pictures and samples are not all there: "


def show_infusions(run_folder: Path, summary: Summary, infusions: Mapping[str, Sequence[InfusionFiles]]) -> None:
    """Write pictures, links and what is missing into the results of a run.

    Args:
        run_folder: the run.
        summary: of it.
        infusions: by node id of a test, what there is of its infusions.

    Raises:
        BenchFault: the folder of the results is a link.
        OSError: the disk does not take them.
    """
    for file, result, node in results_of(run_folder, summary):
        shown = _shown(result, infusions.get(node, ()))
        if shown != result:
            content = json.dumps(shown, ensure_ascii=False)
            write_in_folder(run_folder, file, content.encode("utf-8", "replace"))


def _shown(result: dict[str, Any], infusions: Sequence[InfusionFiles]) -> dict[str, Any]:
    """Return a result with what is shown of its infusions."""
    told = str(result.get("description") or "")
    paragraphs = [one for one in told.split(BETWEEN) if one and not _is_ours(one)]
    links = result.get("links")
    others = [one for one in (links if isinstance(links, list) else []) if not _leads_to_samples(one)]
    for infusion in infusions:
        paragraphs += [_picture(file) for file in infusion.files if file.is_picture]
        others += [_link(file) for file in infusion.files if not file.is_picture]
        if infusion.missing:
            paragraphs.append(f"{MISSING}{as_text(infusion.name)}: {as_text(infusion.missing)}")
    kept = {name: value for name, value in result.items() if name not in ("description", "links")}
    description = {"description": BETWEEN.join(paragraphs)} if paragraphs else {}
    return {**kept, **description, **({"links": others} if others else {})}


def _is_ours(paragraph: str) -> bool:
    return paragraph.startswith(MISSING) or (paragraph.startswith("![") and f"](../{PICTURES}/" in paragraph)


def _leads_to_samples(link: object) -> bool:
    return isinstance(link, dict) and str(link.get("url", "")).startswith(f"../{SAMPLES}/")


def _picture(file: FileBeside) -> str:
    return f"![{as_text(file.name)}](../{file.path})"


def _link(file: FileBeside) -> dict[str, str]:
    return {"type": "link", "url": f"../{file.path}", "name": file.name}
