# SPDX-License-Identifier: Apache-2.0
"""`pumpbench analyse`: what another bench recorded, made into the curves and figures that a pump is described by.

Only the options are here: whatever computes is imported when it is needed, so that help comes at once.
"""

from pathlib import Path
from typing import Annotated

import typer

from cli.analyse_words import AnalyseWords
from cli.example_recording import write_example

FILE = "How the file is written; found in it where nothing is said"
LIQUID = "Liquid and air, for a recorded mass"
WHAT, BALANCE, OUTPUT = "What to compute", "The balance's figures, for a budget: all five", "Output"


def _option(help_text: str, panel: str, *names: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(*names, help=help_text, rich_help_panel=panel)
    return option


Text = str | None


def analyse_recording(
    files: Annotated[list[Path], typer.Argument(help="A file with a time and a mass or volume; or a run folder.")],
    time: Annotated[Text, _option("Heading of the time column, or its number from 1.", FILE)] = None,
    date: Annotated[Text, _option("Heading or number of a date beside the clock.", FILE)] = None,
    mass: Annotated[Text, _option("Heading or number of the mass column.", FILE)] = None,
    volume: Annotated[Text, _option("Heading or number of the volume column.", FILE)] = None,
    time_unit: Annotated[
        Text, _option("ns, µs, ms, s, min, h, d, iso for stamps, hh:mm:ss, hh:mm or mm:ss.", FILE)
    ] = None,
    every: Annotated[Text, _option("Without a column of time: from one reading to the next, '30 s'.", FILE)] = None,
    mass_unit: Annotated[Text, _option("µg (ug), mg, g, kg, ct, gn, oz, lb …", FILE)] = None,
    volume_unit: Annotated[Text, _option("nL, µL (uL), mL, L.", FILE)] = None,
    delimiter: Annotated[Text, _option("What parts columns: ; , | tab space.", FILE)] = None,
    decimal: Annotated[Text, _option("The decimal mark: . or ,", FILE)] = None,
    thousands: Annotated[Text, _option("What parts thousands: , . ' or space.", FILE)] = None,
    date_order: Annotated[Text, _option("dmy, mdy or ymd.", FILE)] = None,
    time_zone: Annotated[Text, _option("Of a wall's clock, such as Europe/Berlin.", FILE)] = None,
    sheet: Annotated[Text, _option("Of a workbook; its first with readings if not given.", FILE)] = None,
    pass_over: Annotated[
        list[str] | None, _option("Leave out lines with this in a cell, such as OL; `any` for all.", FILE)
    ] = None,
    only: Annotated[list[str] | None, _option("Lines with this value alone, such as 'pump=A'.", FILE)] = None,
    part: Annotated[int | None, _option("Of several recordings in one file, from 1.", FILE)] = None,
    sort_by_time: Annotated[
        bool, _option("Lines stand in no order; their times are right.", FILE, "--sort-by-time")
    ] = False,
    override_unit: Annotated[
        bool, _option("A heading is wrong: the unit that is said counts.", FILE, "--override-unit")
    ] = False,
    convert_units: Annotated[bool, _option("Each line is in its own unit.", FILE, "--convert-units")] = False,
    loss_in_weight: Annotated[
        bool, _option("The pump, or the vessel it draws from, stands on the balance.", FILE, "--loss-in-weight")
    ] = False,
    increments: Annotated[
        bool, _option("Each reading is what came since the one before.", FILE, "--increments")
    ] = False,
    infusion: Annotated[Text, _option("Of a run folder: part of `test::infusion`.", FILE)] = None,
    recipe: Annotated[Path | None, _option("Read it as a saved recipe says.", FILE)] = None,
    save_recipe: Annotated[Path | None, _option("Save how the file is read, for the next one.", FILE)] = None,
    preview: Annotated[bool, _option("Show the first rows as understood, and end.", FILE, "--preview")] = False,
    density: Annotated[Text, _option("Of the liquid, such as '1.002 g/mL'; water if not given.", LIQUID)] = None,
    temperature: Annotated[float | None, _option("Of water and air, °C; 20 if not given.", LIQUID)] = None,
    air_pressure: Annotated[float | None, _option("hPa; 1013.25 if not given.", LIQUID)] = None,
    humidity: Annotated[float | None, _option("Relative, %; 50 if not given.", LIQUID)] = None,
    buoyancy: Annotated[bool, _option("Correct for air buoyancy; leave it out where the file did.", LIQUID)] = True,
    evaporation: Annotated[Text, _option("Loss of the vessel, such as '0.04 mg/h'.", LIQUID)] = None,
    evaporation_u: Annotated[Text, _option("Its standard uncertainty; half of it if not given.", LIQUID)] = None,
    blank: Annotated[Path | None, _option("A recording of the vessel while the pump stood still.", LIQUID)] = None,
    correction: Annotated[
        list[str] | None, _option("A correction of the lab's own, by its name; repeat it for several.", LIQUID)
    ] = None,
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
    bolus: Annotated[Text, _option("Nominal volume: the recording is of boluses, such as '10 uL'.", WHAT)] = None,
    bolus_wait: Annotated[Text, _option("What comes so long after a bolus belongs to it.", WHAT)] = None,
    use_from: Annotated[Text, _option("Leave out what was recorded before, such as '10 min'.", WHAT)] = None,
    use_to: Annotated[Text, _option("Leave out what was recorded after.", WHAT)] = None,
    exclude: Annotated[
        list[str] | None, _option("Take out a stretch, its time and what came: '10 min..12 min'.", WHAT)
    ] = None,
    accept: Annotated[
        list[str] | None, _option("What looks odd in this stretch was the pump: '10 min..12 min'.", WHAT)
    ] = None,
    longest_gap: Annotated[Text, _option("Readings further apart are a gap; else 2.5 usual intervals.", WHAT)] = None,
    coverage: Annotated[str, _option("Of the tolerance interval of several files: share/confidence.", WHAT)] = "90/90",
    readability: Annotated[Text, _option("Last digit, such as '0.1 mg'.", BALANCE)] = None,
    repeatability: Annotated[Text, _option("Standard deviation, such as '0.1 mg'.", BALANCE)] = None,
    linearity: Annotated[Text, _option("±, such as '0.2 mg'.", BALANCE)] = None,
    drift: Annotated[Text, _option("±, such as '0.3 mg/d'.", BALANCE)] = None,
    calibration_u: Annotated[Text, _option("U (k = 2) of the certificate, such as '0.2 mg'.", BALANCE)] = None,
    simulated: Annotated[bool, _option("Stamp everything SIMULATED.", OUTPUT, "--simulated")] = False,
    as_json: Annotated[bool, _option("Print JSON and nothing else.", OUTPUT, "--json")] = False,
    out: Annotated[Path | None, _option("Folder for report (HTML, PDF), pictures and analysis.json.", OUTPUT)] = None,
    follow: Annotated[bool, _option("Analyse the file again whenever it has grown; Ctrl-C ends.", OUTPUT)] = False,
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
    """Analyse recordings of another bench: start-up, trumpet, overall error, stability, strokes, budget.

    How the file is written is found in it and told in one line; `--preview` shows its first rows as understood.
    Quantities in options need a unit. What is not said is assumed, and told. What is no delivery (a gap, a fall, a
    leap, time that runs backwards, a dry reservoir) is refused by line; a step that no flow explains puts every figure
    across it in doubt.

    Exit code: 0 analysed; 2 refused; 3 in doubt. With --limits, those of the verdict: 0 PASS, 1 FAIL, 3 INCONCLUSIVE.

    Examples:
    `pumpbench analyse --example day.csv` writes a recording to try this on.

    `pumpbench analyse day.csv --rate "0.5 mL/h" --out day` prints the figures and draws the pictures.

    `pumpbench analyse day.csv --time 1 --time-unit s --mass mass_g --mass-unit g --rate "500 uL/h" --limits 5`
    """
    words = AnalyseWords(
        files=tuple(files),
        time=time,
        date=date,
        mass=mass,
        volume=volume,
        time_unit=time_unit,
        every=every,
        mass_unit=mass_unit,
        volume_unit=volume_unit,
        increments=increments,
        infusion=infusion,
        delimiter=delimiter,
        decimal=decimal,
        thousands=thousands,
        date_order=date_order,
        time_zone=time_zone,
        sheet=sheet,
        pass_over=tuple(pass_over or ()),
        only=tuple(only or ()),
        part=part,
        sort_by_time=sort_by_time,
        override_unit=override_unit,
        convert_units=convert_units,
        loss_in_weight=loss_in_weight,
        recipe=recipe,
        save_recipe=save_recipe,
        preview=preview,
        density=density,
        temperature=temperature,
        air_pressure=air_pressure,
        humidity=humidity,
        buoyancy=buoyancy,
        evaporation=evaporation,
        evaporation_u=evaporation_u,
        blank=blank,
        correction=tuple(correction or ()),
        rate=rate,
        sample_interval=sample_interval,
        start_up=start_up,
        analyse_from=analyse_from,
        analyse_to=analyse_to,
        windows=windows,
        limits=limits,
        stroke_volume=stroke_volume,
        bolus=bolus,
        bolus_wait=bolus_wait,
        use_from=use_from,
        use_to=use_to,
        exclude=tuple(exclude or ()),
        accept=tuple(accept or ()),
        longest_gap=longest_gap,
        readability=readability,
        repeatability=repeatability,
        linearity=linearity,
        drift=drift,
        calibration_u=calibration_u,
        coverage=coverage,
        simulated=simulated,
        as_json=as_json,
        out=out,
        follow=follow,
    )
    from cli.analysis_session import AnalysisSession  # what computes takes longer to import than help should take

    raise typer.Exit(AnalysisSession(words).run())
