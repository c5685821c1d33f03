# SPDX-License-Identifier: Apache-2.0
"""`pumpbench requirements import`: make a baseline of what another tool exports."""

from pathlib import Path
from typing import Annotated

import typer

from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.project import present_project
from reports.terminal_text import terminal_text

requirements = typer.Typer(no_args_is_help=True, help="Requirements from the tool in which you keep them.")
TABLES = (".csv", ".tsv", ".txt")
PACKED = (".reqif", ".reqifz", ".xml")
Column = Annotated[str, typer.Option(metavar="NAME", help="What the export calls it; the usual names are known.")]


@requirements.callback()
def _requirements() -> None:
    """Requirements from the tool in which you keep them."""


@requirements.command("import")
def import_requirements(
    file: Annotated[Path, typer.Argument(help="A .reqif, .reqifz or .csv file.")],
    out: Annotated[
        Path | None, typer.Option(help="The baseline to write; else that of the project, or requirements.toml.")
    ] = None,
    baseline: Annotated[str, typer.Option(help="The id of the baseline; else the name of the file.")] = "",
    id_column: Column = "",
    text_column: Column = "",
    feature_column: Column = "",
    revision_column: Column = "",
    risk_column: Column = "",
    replace: Annotated[bool, typer.Option("--replace", help="Write over a baseline that is there.")] = False,
) -> None:
    """Make a baseline of a ReqIF or CSV export; what cannot be read is told and left out.

    Example:
    `pumpbench requirements import export.reqif --text-column "Object Text"`

    Exit code: 0; 2 the file cannot be read, or holds no requirement; 3 something was left out.
    """
    from bench.requirement_import import Columns, read_csv, read_reqif  # lxml is loaded for nothing else

    columns = Columns(id_column, text_column, feature_column, revision_column, risk_column)
    ending = file.suffix.lower()
    if ending not in (*TABLES, *PACKED):
        raise PlanError(f"file {file}", "import", f"its ending is {ending!r}", f"name {', '.join((*PACKED, *TABLES))}")
    imported = read_csv(file, columns) if ending in TABLES else read_reqif(file, columns)
    made = imported.baseline(baseline or file.stem)
    target = out or _of_project() or Path("requirements.toml")
    if target.exists() and not replace:
        raise PlanError(f"baseline {target}", "write", "it is there", "say --replace, or name another with --out")
    try:
        target.write_text(made.to_toml(), encoding="utf-8")
    except OSError as refused:
        raise PlanError(f"baseline {target}", "write", str(refused), "name another with --out") from refused
    console = wide_console()
    for sentence in imported.skipped:
        console.print(f"left out: {terminal_text(sentence)}", soft_wrap=True)
    console.print(f"{len(made.requirement)} requirements, {len(made.risk_control)} risk controls, ", end="")
    console.print(f"{len(imported.skipped)} left out: {terminal_text(str(target))}", soft_wrap=True)
    raise typer.Exit(ExitCode.NOT_TESTED if imported.skipped else ExitCode.PASSED)


def _of_project() -> Path | None:
    project = present_project()
    return project.requirements if project is not None else None
