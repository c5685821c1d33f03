# SPDX-License-Identifier: Apache-2.0
"""`pumpbench analyse`: what another bench recorded, made into the curves and figures that a pump is described by."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bench.run.run_recording import read_run
from cli import written_quantity as written
from cli.analysis_request import LiquidWords, balance_of, limits_of, windows_of
from cli.example_recording import write_example
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from metrology.recording import Analysis, AnalysisRequest, ColumnChoice, Recording, analyse, read_csv
from metrology.recording.unit import Dimension
from metrology.verdict import Verdict
from reports.analysis_files import write_analysis
from reports.analysis_json import analysis_json
from reports.analysis_table import analysis_tables
from reports.terminal_text import terminal_text

EXIT_CODES = {Verdict.PASS: ExitCode.PASSED, Verdict.FAIL: ExitCode.FAILED}
COLUMNS, LIQUID = "Which columns", "Liquid and air, for a recorded mass"
WHAT, BALANCE, OUTPUT = "What to compute", "The balance's figures, for a budget: all five", "Output"


def _option(help_text: str, panel: str, *names: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(*names, help=help_text, rich_help_panel=panel)
    return option


Text = str | None


def analyse_recording(
    file: Annotated[Path, typer.Argument(help="A CSV file with a time and a mass or volume column; or a run folder.")],
    time: Annotated[Text, _option("Heading of the time column, or its number from 1.", COLUMNS)] = None,
    mass: Annotated[Text, _option("Heading or number of the mass column.", COLUMNS)] = None,
    volume: Annotated[Text, _option("Heading or number of the volume column.", COLUMNS)] = None,
    time_unit: Annotated[Text, _option("ms, s, min, h, d, or iso for ISO 8601 time stamps.", COLUMNS)] = None,
    mass_unit: Annotated[Text, _option("µg (ug), mg, g, kg.", COLUMNS)] = None,
    volume_unit: Annotated[Text, _option("nL, µL (uL), mL, L.", COLUMNS)] = None,
    infusion: Annotated[Text, _option("Of a run folder: part of `test::infusion`.", COLUMNS)] = None,
    density: Annotated[Text, _option("Of the liquid, such as '1.002 g/mL'; water if not given.", LIQUID)] = None,
    temperature: Annotated[float | None, _option("Of water and air, °C; 20 if not given.", LIQUID)] = None,
    air_pressure: Annotated[float | None, _option("hPa; 1013.25 if not given.", LIQUID)] = None,
    humidity: Annotated[float | None, _option("Relative, %; 50 if not given.", LIQUID)] = None,
    buoyancy: Annotated[bool, _option("Correct for air buoyancy; leave it out where the file did.", LIQUID)] = True,
    evaporation: Annotated[Text, _option("Loss of the vessel, such as '0.04 mg/h'.", LIQUID)] = None,
    evaporation_u: Annotated[Text, _option("Its standard uncertainty; half of it if not given.", LIQUID)] = None,
    rate: Annotated[Text, _option("What the pump was set to, such as '0.5 mL/h'.", WHAT)] = None,
    sample_interval: Annotated[Text, _option("S, such as '30 s'.", WHAT)] = None,
    start_up: Annotated[str, _option("How long the start-up curve is.", WHAT)] = "2 h",
    analyse_from: Annotated[Text, _option("Begin of the analysis period, after the first reading.", WHAT)] = None,
    analyse_to: Annotated[Text, _option("End of the analysis period.", WHAT)] = None,
    windows: Annotated[Text, _option("iec-general, iec-ambulatory, strokes:1,2,5 or minutes: 2,5,11.", WHAT)] = None,
    limits: Annotated[Text, _option("Of the overall error in %: 5 for ±5, or -5,10. Judges it.", WHAT)] = None,
    stroke_volume: Annotated[
        Text, _option("Of the pump, such as '2.5 uL', or '0 uL'; looked for if not given.", WHAT)
    ] = None,
    use_from: Annotated[Text, _option("Leave out what was recorded before, such as '10 min'.", WHAT)] = None,
    use_to: Annotated[Text, _option("Leave out what was recorded after.", WHAT)] = None,
    longest_gap: Annotated[Text, _option("Readings further apart are a gap; else 2.5 usual intervals.", WHAT)] = None,
    readability: Annotated[Text, _option("Last digit, such as '0.1 mg'.", BALANCE)] = None,
    repeatability: Annotated[Text, _option("Standard deviation, such as '0.1 mg'.", BALANCE)] = None,
    linearity: Annotated[Text, _option("±, such as '0.2 mg'.", BALANCE)] = None,
    drift: Annotated[Text, _option("±, such as '0.3 mg/d'.", BALANCE)] = None,
    calibration_u: Annotated[Text, _option("U (k = 2) of the certificate, such as '0.2 mg'.", BALANCE)] = None,
    simulated: Annotated[bool, _option("Stamp everything SIMULATED.", OUTPUT, "--simulated")] = False,
    as_json: Annotated[bool, _option("Print JSON and nothing else.", OUTPUT, "--json")] = False,
    out: Annotated[Path | None, _option("Folder for pictures (PNG, SVG) and analysis.json.", OUTPUT)] = None,
    _example: Annotated[
        Path | None,
        typer.Option(
            "--example",
            callback=write_example,
            is_eager=True,
            help="Write a made-up recording to try this on, and end.",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
) -> None:
    """Analyse a recording of another bench: start-up, trumpet, overall error, stability, strokes, budget.

    Units are read from headings such as `time_s`, `mass [g]`, `volume (mL)`; quantities in options need a unit too.
    What is not said is assumed, and told. What is no delivery (a gap, a fall, time that runs backwards, a dry
    reservoir) is refused by line.

    Exit code: 0 analysed; 2 refused. With --limits, those of the verdict: 0 PASS, 1 FAIL, 3 INCONCLUSIVE.

    Examples:
    `pumpbench analyse --example day.csv` writes a recording to try this on.

    `pumpbench analyse day.csv --rate "0.5 mL/h" --out day` prints the figures and draws the pictures.

    `pumpbench analyse day.csv --time 1 --time-unit s --mass mass_g --mass-unit g --rate "500 uL/h" --limits 5`
    """
    liquid, assumed, qualifiers = LiquidWords(
        density, temperature, air_pressure, humidity, buoyancy, evaporation, evaporation_u
    ).liquid()
    request = AnalysisRequest(
        liquid=liquid,
        qualifiers=qualifiers,
        balance=balance_of(readability, repeatability, linearity, drift, calibration_u),
        set_rate_ul_per_h=_read(written.rate_ul_per_h, "--rate", rate),
        sample_interval_s=_read(written.duration_s, "--sample-interval", sample_interval),
        start_up_s=written.duration_s("--start-up", start_up),
        analyse_from_s=_read(written.duration_s, "--analyse-from", analyse_from),
        analyse_to_s=_read(written.duration_s, "--analyse-to", analyse_to),
        use_from_s=_read(written.duration_s, "--use-from", use_from),
        use_to_s=_read(written.duration_s, "--use-to", use_to),
        windows=windows_of(windows),
        limits=limits_of(limits),
        stroke_volume_ul=_read(written.volume_ul, "--stroke-volume", stroke_volume),
        longest_gap_s=_read(written.duration_s, "--longest-gap", longest_gap),
    )
    choice = ColumnChoice(time, mass, volume, time_unit, mass_unit, volume_unit)
    recording = _recording(file, choice, infusion, simulated=simulated, assumed=assumed)
    analysis = analyse(recording, request)
    files = write_analysis(analysis, out) if out is not None else []
    _tell(analysis, files, as_json=as_json)
    verdict = analysis.judgement.verdict if analysis.judgement is not None else Verdict.PASS
    raise typer.Exit(EXIT_CODES.get(verdict, ExitCode.NOT_TESTED))


def _read(reader: Callable[[str, str], float], option: str, text: str | None) -> float | None:
    return reader(option, text) if text is not None else None


def _recording(
    file: Path, choice: ColumnChoice, infusion: str | None, *, simulated: bool, assumed: tuple[str, ...]
) -> Recording:
    is_run = file.is_dir() or file.suffix == ".parquet"
    if infusion is not None and not is_run:
        raise PlanError("--infusion", "use", f"{file} is no run folder", "leave it out")
    recording = read_run(file, infusion) if is_run else read_csv(file, choice)
    told = (*recording.assumed, *(assumed if recording.measured is Dimension.MASS else ()))
    return replace(recording, simulated=recording.simulated or simulated, assumed=told)


def _tell(analysis: Analysis, files: Sequence[Path], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(analysis_json(analysis), indent=2, allow_nan=False) + "\n")
        return
    console = wide_console()
    console.print(analysis_tables(analysis))
    for path in files:
        console.print(f"written  {terminal_text(str(path))}", soft_wrap=True)
