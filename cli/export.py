# SPDX-License-Identifier: Apache-2.0
"""`pumpbench export`: the requirements of a run with their results, for the other tools of a lab."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bench.run_folder import JOURNAL, LOCK
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.file_in_folder import write_in_folder
from groundfloor.regular_file import read_regular
from reports.checked_run import CheckedRun
from reports.export import lobster_activities, lobster_requirements, needs, reqif_results
from reports.terminal_text import terminal_text

MOST_BYTES = 1 << 24


def export(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    out: Annotated[Path, typer.Argument(help="The folder to write into; it is made.")],
    sbom: Annotated[
        bool, typer.Option("--sbom", help="Write the bench's packages as well, with what is known to be wrong in them.")
    ] = False,
) -> None:
    """Write what a run showed of its requirements: ReqIF, needs.json (sphinx-needs) and LOBSTER.

    The record is checked first, as `report` does. SIMULATED stands in each state that rests on a twin. JUnit is
    written by `pumpbench run -- --junitxml=FILE`. `--sbom` adds `bench.cdx.json` (CycloneDX 1.6): the packages that the
    run was made with, their licences, and known anomalies with what keeps them off the record.

    Example: `pumpbench export runs/20270101T120000Z-bench-7-SN0042 for-the-alm`

    Exit code: 0; 2 wrong use; 3 the record is not whole.
    """
    if not (run / JOURNAL).is_file():
        raise PlanError(f"run folder {run}", "export", "it holds no journal", "name the folder of a run")
    checked = CheckedRun.read(run)
    summary = checked.summary
    trace = summary.trace
    if trace is None:
        next_step = "export a run that was made with requirements"
        raise PlanError(f"run folder {run}", "export", "it keeps no requirements", next_step)
    files = {
        "results.reqif": reqif_results(summary, trace),
        "needs.json": _json(needs(summary, trace)),
        "requirements.lobster": _json(lobster_requirements(trace)),
        "activities.lobster": _json(lobster_activities(summary, trace)),
    }
    if sbom:
        files["bench.cdx.json"] = _materials(checked)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            write_in_folder(out, name, text.encode("utf-8", "replace"))
    except OSError as refused:
        raise PlanError(f"folder {out}", "write the export", str(refused), "name another folder") from refused
    console = wide_console()
    for name in files:
        console.print(terminal_text(str(out / name)), soft_wrap=True)
    raise typer.Exit(ExitCode.PASSED)


def _materials(run: CheckedRun) -> str:
    from reports.export.bill_of_materials import bill_of_materials  # an extra, which few have

    opened, lock = run.recorded.opened, run.folder / LOCK
    try:
        packages = read_regular(lock, MOST_BYTES).decode("utf-8", "replace")
    except OSError as odd:
        next_step = "export a run that kept its packages"
        raise PlanError(f"packages {lock}", "read", str(odd), next_step) from odd
    return bill_of_materials(run.summary, packages, (opened.code_sha256 if opened is not None else "") or "") + "\n"


def _json(content: dict[str, object]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
