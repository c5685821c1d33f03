# SPDX-License-Identifier: Apache-2.0
"""The corrections of a lab's own that `pumpbench analyse --correction` names, and what is told of them."""

from dataclasses import replace

from bench.corrections import LoadedCorrection, corrections_named
from cli.analyse_words import AnalyseWords
from groundfloor.errors import PlanError
from groundfloor.project import enter_project
from metrology.recording import AnalysisRequest, Recording
from metrology.recording.unit import Dimension

OPTION = "--correction"


def with_corrections(
    words: AnalyseWords, recording: Recording, request: AnalysisRequest
) -> tuple[Recording, AnalysisRequest]:
    """Return both with the corrections that are named, each told with its version.

    Raises:
        PlanError: there is none of a name, two contradict each other, or the recording is none that they are for.
    """
    if recording.measured is not Dimension.MASS:
        raise PlanError(OPTION, "use", "the recording is of a volume", "leave it out, or name a column of masses")
    if recording.from_source:
        seen = "the vessel that is drawn from stands on the balance, so its display falls while a gain is asked about"
        raise PlanError(OPTION, "use", seen, "correct the column in the file itself, and leave the option out")
    enter_project()
    found = corrections_named(words.correction)
    replacing = [one.name for one in found if one.replaces]
    if replacing and not words.buoyancy:
        seen = f"correction {replacing[0]} stands in place of buoyancy"
        raise PlanError("--no-buoyancy", "use", seen, "leave out one of the two")
    told = tuple(_told(one, len(recording.times_s)) for one in found)
    return (
        replace(recording, assumed=(*recording.assumed, *told)),
        replace(request, liquid=replace(request.liquid, corrections=found)),
    )


def _told(one: LoadedCorrection, readings: int) -> str:
    place = f", in place of {one.replaces}" if one.replaces else ""
    asked = "asked once for the whole column" if one.at_once else f"asked once for each of {readings} readings"
    return f"correction {one.name} ({one.version}, code {one.sha256[:12]}){place}, {asked}"
