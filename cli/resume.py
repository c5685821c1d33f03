# SPDX-License-Identifier: Apache-2.0
"""`pumpbench resume`: go on with a run that was cut short, in the middle of the infusion that it was in."""

from pathlib import Path
from typing import Annotated

import typer

from bench.bench_file import BenchFile
from bench.run import (
    UnfinishedRun,
    plan_file,
    plug_in_code,
    refuse_changed_inputs,
    refuse_foreign_run,
    refuse_other_plans,
    refuse_other_plug_ins,
    refuse_unbound_inputs,
    refuse_unknown_run,
)
from bench.run_folder import BENCH_FILE, COLLECTED, RunFolder
from cli.chapters import ROOT
from cli.pytest_run import Catcher, run_pytest
from cli.stored_plans import is_of_the_bench
from groundfloor.errors import BenchFault, PlanError
from groundfloor.project import enter_project


def resume(
    run_folder: Annotated[Path, typer.Argument(help="The folder of a run that was killed, or lost its power.")],
    html: Annotated[bool, typer.Option(help="Make the Allure report as one HTML file.")] = True,
    trust: Annotated[
        bool, typer.Option("--trust", help="Run the plans that it names, although you did not begin it here.")
    ] = False,
) -> None:
    """Go on with a run after a crash, a loss of power or a reboot.

    Tests that were over stay as they were judged. The test that was under way goes on inside its infusion: same
    therapy, same tare; the time in which nobody looked is accounted for in the uncertainty, or makes it INCONCLUSIVE.

    A run folder says which plans run, and they are code: plans of your own run only if you began that run on this
    computer, or say that you trust them.

    Exit code: as `pumpbench run`.

    Example:
    `pumpbench resume runs/20270101T120000Z-lab-2-NGP123456H` goes on with that run, on the bench that it began on.
    """
    if not (run_folder / COLLECTED).is_file():
        raise PlanError(f"run folder {run_folder}", "resume", f"it holds no {COLLECTED}", "name the folder of a run")
    refuse_foreign_run(run_folder)
    refuse_changed_inputs(run_folder)
    refuse_unbound_inputs(run_folder)
    folder = RunFolder(run_folder)
    own_root = folder.collected_root()
    root = own_root or ROOT
    files = sorted({plan_file(root, node.split("::")[0]) for node in folder.collected()})
    if not trust and (own_root is not None or not all(is_of_the_bench(file) for file in files)):
        try:
            refuse_unknown_run(run_folder)
        except BenchFault:
            UnfinishedRun.read(folder.journal)  # of a run that is over, that is what has to be told
            raise
    missing = [file for file in files if not file.is_file()]
    if missing:
        seen = f"its plan {missing[0]} is gone"
        raise PlanError(f"run folder {run_folder}", "resume", seen, "put the plan back where it was")
    refuse_other_plans(run_folder, root, folder.collected())
    enter_project(own_root)
    file = BenchFile.load(run_folder / BENCH_FILE)
    refuse_other_plug_ins(run_folder, plug_in_code(file, of_project=own_root is not None))
    arguments = [*map(str, files), f"--resume={run_folder}"]
    raise typer.Exit(run_pytest(arguments, root, Catcher(), html=html))
