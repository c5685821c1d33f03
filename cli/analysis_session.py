# SPDX-License-Identifier: Apache-2.0
"""One call of `pumpbench analyse`: files are read and analysed as the words say, and the result is told."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from rich.console import Group

from cli import written_quantity as written
from cli.analyse_words import AnalyseWords
from cli.analysis_request import LiquidWords, balance_of, limits_of, windows_of
from cli.reading_words import duration_s, reading_options, stretches
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from metrology.recording import Analysis, AnalysisRequest, Recording, analyse
from metrology.recording.file_reader import FileReader
from metrology.recording.reading_options import ReadingOptions
from metrology.recording.unit import Dimension
from metrology.recording.weighed_liquid import WeighedLiquid
from metrology.verdict import Verdict
from reports.analysis_json import analysis_json
from reports.analysis_table import analysis_tables
from reports.terminal_text import terminal_text

if TYPE_CHECKING:
    from metrology.recording.boluses import Boluses

EXIT_CODES = {Verdict.PASS: ExitCode.PASSED, Verdict.FAIL: ExitCode.FAILED}
SEVERITY = (ExitCode.FAILED, ExitCode.NOT_TESTED, ExitCode.PASSED)
"""What several files end with together: the gravest."""


class AnalysisSession:
    """Does what the words say."""

    def __init__(self, words: AnalyseWords) -> None:
        # What a large file took while it was read goes back to the system, and not into a store for the next one.
        pa.set_memory_pool(pa.system_memory_pool())
        self._words = words
        self._reading = reading_options(words)

    def run(self) -> ExitCode:
        """Do it, and return what the command ends with.

        Raises:
            PlanError: a file or an option cannot be right.
        """
        words = self._words
        self._refuse_what_does_not_fit()
        if words.preview:
            return self._preview()
        if words.save_recipe is not None:
            self._save_recipe(words.save_recipe)
        if words.follow:
            from cli.following import follow  # only a file that grows needs it

            return follow(words.files[0], self._once)
        return self._once()

    def _once(self) -> ExitCode:
        words = self._words
        if words.bolus is not None:
            return self._boluses(words.bolus)
        if len(words.files) > 1:
            return self._several()
        return self._one(words.files[0])

    def _refuse_what_does_not_fit(self) -> None:
        words = self._words
        alone = {"--preview": words.preview, "--save-recipe": words.save_recipe is not None, "--follow": words.follow}
        for option, given in alone.items():
            if given and len(words.files) > 1:
                raise PlanError(option, "use", f"{len(words.files)} files are named", "name one file")
            if given and _is_run(words.files[0]):
                raise PlanError(option, "use", f"{words.files[0]} is a run of our own", "leave it out")

    def _one(self, file: Path) -> ExitCode:
        analysis = self._analysis(file)
        files = self._written(analysis)
        self._tell(analysis, files)
        return exit_code_of(analysis)

    def _several(self) -> ExitCode:
        from cli.analysis_of_several import tell_several  # one file needs none of it

        analyses = [self._analysis(file) for file in self._words.files]
        tell_several(analyses, self._words)
        codes = {exit_code_of(analysis) for analysis in analyses}
        return next(code for code in SEVERITY if code in codes)

    def _boluses(self, nominal: str) -> ExitCode:
        from metrology.recording.boluses import find_boluses  # a steady flow needs none of it
        from reports.bolus_table import bolus_json, bolus_table

        if len(self._words.files) > 1 or self._words.limits is not None:
            raise PlanError("--bolus", "use", "several files, or limits, are given", "analyse one file, without limits")
        recording, request = self._corrected(self._words.files[0])
        wait_s = duration_s("--bolus-wait", self._words.bolus_wait)
        found = find_boluses(recording, request, written.volume_ul("--bolus", nominal), wait_s)
        files = self._bolus_files(found)
        if self._words.as_json:
            sys.stdout.write(json.dumps(bolus_json(found), indent=2, allow_nan=False) + "\n")
        else:
            self._print(bolus_table(found), files)
        return ExitCode.NOT_TESTED if found.doubts else ExitCode.PASSED

    def _analysis(self, file: Path) -> Analysis:
        recording, request = self._corrected(file)
        return analyse(recording, request)

    def _corrected(self, file: Path) -> tuple[Recording, AnalysisRequest]:
        recording, request = self._recording(file)
        if not self._words.correction:
            return recording, request
        from cli.analysis_corrections import with_corrections  # no other file needs a bench's plug-ins

        return with_corrections(self._words, recording, request)

    def _recording(self, file: Path) -> tuple[Recording, AnalysisRequest]:
        words, request = self._words, self._request
        if _is_run(file):
            from bench.run.run_recording import read_run  # a file needs none of the bench

            recording = read_run(file, words.infusion)
            cut = replace(request, use_from_s=self._reading.use_from_s, use_to_s=self._reading.use_to_s)
            return self._as_the_run_knows(file, recording, cut)
        if words.infusion is not None:
            raise PlanError("--infusion", "use", f"{file} is no run folder", "leave it out")
        return self._with_what_was_assumed(FileReader(file, self._reading).recording()), request

    def _as_the_run_knows(
        self, file: Path, recording: Recording, request: AnalysisRequest
    ) -> tuple[Recording, AnalysisRequest]:
        """Take program, liquid, blank, conditions and balance from the run, where nobody typed another."""
        from bench.run.run_weighing import run_weighing

        infusion = next((told.removeprefix("infusion ") for told in recording.assumed), "")
        known = run_weighing(file if file.is_dir() else file.parent, infusion)
        if known is None or self._liquid_words != LiquidWords():
            return self._with_what_was_assumed(recording), request
        liquid = WeighedLiquid(known.conditions, known.liquid, True, known.evaporation)
        told = "program, liquid, blank, conditions and balance are those of the run"
        stroke_ul = known.stroke_volume_ul if request.stroke_volume_ul is None else request.stroke_volume_ul
        request = replace(
            request,
            liquid=liquid,
            qualifiers=(),
            balance=request.balance or known.balance,
            set_rate_ul_per_h=request.set_rate_ul_per_h or known.set_rate_ul_per_h,
            stroke_volume_ul=stroke_ul,
        )
        simulated = recording.simulated or self._words.simulated
        return replace(recording, simulated=simulated, assumed=(*recording.assumed, told)), request

    def _with_what_was_assumed(self, recording: Recording) -> Recording:
        told = (*recording.assumed, *(self._assumed if recording.measured is Dimension.MASS else ()))
        return replace(recording, simulated=recording.simulated or self._words.simulated, assumed=told)

    @cached_property
    def _liquid_words(self) -> LiquidWords:
        words = self._words
        if words.blank is not None and words.evaporation is not None:
            raise PlanError("--blank", "use", "--evaporation is given as well", "give one of them")
        return LiquidWords(
            words.density,
            words.temperature,
            words.air_pressure,
            words.humidity,
            words.buoyancy,
            words.evaporation,
            words.evaporation_u,
            self._blank(words.blank) if words.blank is not None else None,
        )

    def _blank(self, file: Path) -> Recording:
        if _is_run(file):
            raise PlanError("--blank", "read", f"{file} is a run of our own", "name a recording of the vessel alone")
        # Another balance may have written it, in another way: what was said of the recording counts where it fits.
        whole = replace(
            self._reading, use_from_s=None, use_to_s=None, part=None, from_source=False, increments=False, growing=False
        )
        ways = (replace(whole, columns=replace(whole.columns, every_s=None)), ReadingOptions(), whole)
        refused: list[PlanError] = []
        for way in ways:
            try:
                return FileReader(file, way).recording()
            except PlanError as wrong:
                refused.append(wrong)
        raise refused[0]

    @cached_property
    def _assumed(self) -> tuple[str, ...]:
        return self._liquid_words.liquid()[1]

    @cached_property
    def _request(self) -> AnalysisRequest:
        words = self._words
        liquid, _, qualifiers = self._liquid_words.liquid()
        return AnalysisRequest(
            liquid=liquid,
            qualifiers=qualifiers,
            balance=balance_of(
                words.readability, words.repeatability, words.linearity, words.drift, words.calibration_u
            ),
            set_rate_ul_per_h=self._reading.set_rate_ul_per_h,
            sample_interval_s=duration_s("--sample-interval", words.sample_interval),
            start_up_s=written.duration_s("--start-up", words.start_up),
            analyse_from_s=duration_s("--analyse-from", words.analyse_from),
            analyse_to_s=duration_s("--analyse-to", words.analyse_to),
            windows=windows_of(words.windows),
            limits=limits_of(words.limits),
            stroke_volume_ul=_volume_ul("--stroke-volume", words.stroke_volume),
            longest_gap_s=duration_s("--longest-gap", words.longest_gap),
            exclude=stretches("--exclude", words.exclude),
            accept=stretches("--accept", words.accept),
        )

    def _preview(self) -> ExitCode:
        from reports.analysis_preview import preview_table  # only a preview needs it

        reader = FileReader(self._words.files[0], self._reading)
        wide_console().print(preview_table(reader))
        return ExitCode.PASSED

    def _save_recipe(self, path: Path) -> None:
        from cli.recipe import save_recipe  # only a recipe needs it

        reader = FileReader(self._words.files[0], self._reading)
        reader.first_rows(20)
        save_recipe(path, reader.resolved)

    def _written(self, analysis: Analysis) -> list[Path]:
        if self._words.out is None:
            return []
        from reports.analysis_files import write_analysis  # pictures need matplotlib, figures do not

        return write_analysis(analysis, self._words.out)

    def _tell(self, analysis: Analysis, files: Sequence[Path]) -> None:
        if self._words.as_json:
            sys.stdout.write(json.dumps(analysis_json(analysis), indent=2, allow_nan=False) + "\n")
            return
        self._print(analysis_tables(analysis), files)

    def _bolus_files(self, found: "Boluses") -> list[Path]:
        if self._words.out is None:
            return []
        from reports.analysis_files import write_boluses  # pictures need matplotlib, figures do not

        return write_boluses(found, self._words.out)

    def _print(self, told: Group, files: Sequence[Path]) -> None:
        console = wide_console()
        console.print(told)
        for path in files:
            console.print(f"written  {terminal_text(str(path))}", soft_wrap=True)


def exit_code_of(analysis: Analysis) -> ExitCode:
    """Return what a command ends with: figures in doubt are no result, with limits or without."""
    if analysis.judgement is not None:
        return EXIT_CODES.get(analysis.judgement.verdict, ExitCode.NOT_TESTED)
    return ExitCode.NOT_TESTED if analysis.doubts else ExitCode.PASSED


def _is_run(file: Path) -> bool:
    return file.is_dir() or file.suffix == ".parquet"


def _volume_ul(option: str, text: str | None) -> float | None:
    return written.volume_ul(option, text) if text is not None else None
