# SPDX-License-Identifier: Apache-2.0
"""`pumpbench replay`: a stored run judged once more, old and new side by side."""

import json
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.methods import Method, changed_methods
from bench.offline import MadeAgain
from bench.profile import Profile
from bench.run import plan_file
from bench.run_folder import JOURNAL, RunFolder
from bench.trace import Requirements
from cli.plan import Plan
from cli.pytest_run import LOADED, SETTINGS
from cli.stored_plans import made_again_from_samples
from cli.wide_console import wide_console
from fixtures.declared import declarations_of
from fixtures.lacking_features import lacking_features
from fixtures.plan_files import PlanFiles
from fixtures.protocol import collected_plan
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from metrology.verdict import DecisionRule
from reports.library.code_of_run import methods_of_run
from reports.replay import DeclaredLimits, Replay, ReplayedJudgement, replayed
from reports.terminal_text import terminal_text

_HEADS = ("judgement", "value", "limits then", "limits now", "then → now")


def replay(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    profile: Annotated[str | None, typer.Option(help="Judge by this profile: a name or a file.")] = None,
    rule: Annotated[str | None, typer.Option(help="Judge by this rule: guard_band or simple_acceptance.")] = None,
    values: Annotated[
        bool, typer.Option("--values", help="Judge the recorded values; make none again from the samples.")
    ] = False,
    trust: Annotated[
        bool, typer.Option("--trust", help="Run the plans of a run that nobody began on this computer.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Show every judgement with a value.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Judge a stored run once more, with today's code, by another profile or by another rule; the record stays.

    Without an option the plans of today are gone through once more, on a bench on which nothing is there: every volume,
    uncertainty, window, latency and verdict is made again from samples, marks and answers of the journal, and what
    today's code makes otherwise is told by its id. That takes about a third of a second a test; `--values` looks at the
    recorded figures alone. `--profile` takes the limits that the plans declare by that profile; where a test makes its
    limits from more than the profile, the old ones stand, and that is told.

    Examples: `pumpbench replay runs/20270101T120000Z-bench-7-SN0042`

    `pumpbench replay runs/20270101T120000Z-bench-7-SN0042 --profile my-stricter-pump --rule simple_acceptance`

    Exit code: 0 as it was; 2 wrong use; 3 something is judged otherwise.
    """
    if not (run / JOURNAL).is_file():
        raise PlanError(f"run folder {run}", "replay", "it holds no journal", "name the folder of a run")
    declarations = _declarations(run, profile) if profile is not None else None
    found = replayed(run, declarations, _rule(rule))
    changed = changed_methods(methods_of_run(run))
    made = None if values else _from_samples(run, trust)
    if as_json:
        told = {**_as_dict(found), "methods_changed": [one.name for one, _ in changed]}
        typer.echo(json.dumps({**told, "from_samples": _made_as_dict(made)}, ensure_ascii=False, indent=2))
    else:
        _print(found, every)
        _print_made(made, changed)
    otherwise = bool(found.differences) or any(one.turned for one in found.judgements)
    otherwise |= made is not None and bool(made.differences)
    raise typer.Exit(ExitCode.NOT_TESTED if otherwise else ExitCode.PASSED)


def _from_samples(run: Path, trust: bool) -> MadeAgain:
    console = Console(file=sys.stderr)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("tests gone through once more", total=None)
        return made_again_from_samples(
            run, trust=trust, told=lambda done, of_all: progress.update(task, completed=done, total=of_all)
        )


def _made_as_dict(made: MadeAgain | None) -> dict[str, object] | None:
    if made is None:
        return None
    return {"same": made.same, "differences": [str(one) for one in made.differences], "not_made": made.not_made}


def _print_made(made: MadeAgain | None, changed: tuple[tuple[Method, str], ...]) -> None:
    console = wide_console()
    for method, then in changed:
        told = f"method {method.name}: {then or 'not told by the journal'} then, {method.version} now"
        console.print(terminal_text(told), soft_wrap=True)
    if made is None:
        console.print("Its values stand as recorded; make them again from the samples: leave out --values.")
        return
    for difference in made.differences:
        console.print(terminal_text(f"made again from the samples: {difference}"), soft_wrap=True)
    of_all = len(made.same) + len(made.not_made) + len({one.id for one in made.differences if one.id[:1] == "J"})
    console.print(f"{len(made.same)} of {of_all} judgements are made again from the samples as they were recorded.")
    for why, count in Counter(made.not_made.values()).most_common():
        first = next(own for own, told in made.not_made.items() if told == why)
        console.print(terminal_text(f"{count} could not be made again, {first} first: {why}"), soft_wrap=True)


def _rule(word: str | None) -> DecisionRule | None:
    if word is None:
        return None
    try:
        return DecisionRule(word)
    except ValueError as wrong:
        raise PlanError("--rule", "read", repr(word), f"write {' or '.join(DecisionRule)}") from wrong


def _declarations(run: Path, name: str) -> dict[tuple[str, str], DeclaredLimits]:
    """Return what the plans of the run declare by another profile."""
    plan = Plan.here()
    told = Profile.named(name, *plan.profile_folders)
    files = sorted({plan_file(plan.root, node.split("::")[0]) for node in RunFolder(run).collected()})
    settings = ["-c", str(SETTINGS), f"--rootdir={plan.root}", *LOADED, f"--protocol={run / JOURNAL}"]
    with ExitStack() as stack:
        requirements = Requirements.load(PlanFiles.of(plan.root).baseline(stack))
        return {
            (item.nodeid, one.name): DeclaredLimits(
                one.limits.lower, one.limits.upper, one.limits.unit, one.limits.relative_to, one.limits.source
            )
            for item in collected_plan(files, settings)
            if not lacking_features(item, told)
            for one in declarations_of(item, told, requirements)
            if one.limits is not None
        }


def _as_dict(found: Replay) -> dict[str, object]:
    judgements = [
        {
            "id": one.judged.id,
            "test": one.node,
            "name": one.judged.name,
            "value": one.judged.value,
            "unit": one.judged.unit,
            "limits_then": [one.judged.lower, one.judged.upper],
            "limits_now": [one.lower, one.upper],
            "then": one.judged.verdict.name,
            "now": one.verdict.name,
            "rule": one.rule,
            "remark": one.remark,
        }
        for one in found.judgements
    ]
    tests = [{"test": node, "then": then.name, "now": now.name} for node, then, now in found.tests]
    return {
        "tests": tests,
        "judgements": judgements,
        "differences": [str(one) for one in found.differences],
        "remarks": list(found.remarks),
    }


def _print(found: Replay, every: bool) -> None:
    console = wide_console()
    shown = [one for one in found.judgements if one.turned or (every and one.judged.value is not None)]
    if shown:
        table = Table(*map(terminal_text, _HEADS), box=None, pad_edge=False)
        for one in shown:
            table.add_row(*map(terminal_text, _row(one)))
        console.print(table)
    for node, then, now in found.tests:
        if then is not now:
            console.print(terminal_text(f"{then.name} → {now.name}  {node}"), soft_wrap=True)
    for remark in found.remarks:
        console.print(terminal_text(remark), soft_wrap=True)
    for difference in found.differences:
        console.print(terminal_text(f"today's code makes otherwise: {difference}"), soft_wrap=True)
    kept = sum(bool(one.remark) for one in found.judgements)
    if kept:
        console.print(f"{kept} judgements stand by their old limits, which the profile alone does not make.")
    turned = sum(one.turned for one in found.judgements)
    then, now = found.verdicts
    console.print(f"{turned} of {len(found.judgements)} judgements turned; the run: {then.name} then, {now.name} now.")


def _row(one: ReplayedJudgement) -> tuple[str, ...]:
    judged = one.judged
    value = "–" if judged.value is None else f"{judged.value:.5g} {judged.unit}"
    if judged.value is not None and judged.expanded_uncertainty is not None:
        value = f"{judged.value:.5g} ± {judged.expanded_uncertainty:.2g} {judged.unit}"
    verdicts = " → ".join(dict.fromkeys((judged.verdict.name, one.verdict.name)))
    limits = (_limits(judged.lower, judged.upper), _limits(one.lower, one.upper))
    return (f"{judged.id} {judged.name}", value, *limits, verdicts)


def _limits(lower: float | None, upper: float | None) -> str:
    return " … ".join("" if one is None else f"{one:.5g}" for one in (lower, upper)).strip()
