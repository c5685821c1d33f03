# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.campaigns.detection`: run the campaign, try the claims of the catalogue, make the page."""

import math
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from tests.campaigns.detection.campaign import carry_out
from tests.campaigns.detection.claims import write_claims
from tests.campaigns.detection.detection_page import page
from tests.campaigns.detection.kept_figures import keep, kept
from tests.campaigns.detection.parts import in_order
from tests.campaigns.detection.showing import claim_differs, differences
from tests.campaigns.detection.trial import Group, Trial
from tests.campaigns.detection.trials import trials
from tests.campaigns.detection.whole_outcome import WholeOutcome, whole_outcomes

NOT_AS_IT_MUST_BE = 1
USUAL_GROUPS = [Group.DEFECT, Group.PAIR, Group.GOOD]
Results = Annotated[Path, typer.Option(help="File of lines that outcomes are appended to, and gone on from.")]
Workers = Annotated[int, typer.Option(help="How many runs at once.")]
Only = Annotated[list[str] | None, typer.Option(help="Only trials with this defect, or seed. Repeat it for several.")]

app = typer.Typer(help="What the bench finds of bad pumps, bad instruments, and pairs of them.", no_args_is_help=True)


@app.command()
def run(
    results: Results = Path("detection.jsonl"),
    workers: Workers = 2,
    only: Only = None,
    group: Annotated[
        list[Group] | None, typer.Option(help="Only this group of trials. Repeat it; defect, pair, good if not given.")
    ] = None,
    minutes: Annotated[float, typer.Option(help="Begin no run after so many minutes.")] = math.inf,
    keep_in: Annotated[
        Path | None, typer.Option("--keep", help="Folder in which the outcomes of whole groups are kept for the page.")
    ] = None,
) -> None:
    """Send twins through the whole protocol, chapter by chapter, drawn by lot.

    Exit code: 0 none ended as it must not; 1 one did.
    """
    wanted = _only(trials(group or USUAL_GROUPS), only)
    before = [part for one in Group for whole in _kept(keep_in, one) for part in whole.outcomes]
    outcomes = carry_out(in_order(wanted, before), results, workers, _tell, minutes=minutes)
    if keep_in is not None:
        keep(outcomes, keep_in)
    wholes = whole_outcomes(outcomes)
    surprises = [f"{whole.group} {whole.name}: {why}" for whole in wholes for why in whole.surprises()]
    over = sum(whole.is_over for whole in wholes)
    _tell(f"{len(outcomes)} parts of {len(wholes)} twins, {over} to the end, {len(surprises)} ended as they must not")
    for one in surprises:
        _tell(one)
    raise typer.Exit(NOT_AS_IT_MUST_BE if surprises else 0)


@app.command()
def showing(
    results: Results = Path("showing.jsonl"),
    workers: Workers = 2,
    only: Only = None,
    write: Annotated[bool, typer.Option("--write", help="Put the claims right in the files of the catalogue.")] = False,
) -> None:
    """Try each row of the catalogue in the test that it names; tell which claims are not true.

    Exit code: 0 all are; 1 one is not.
    """
    wanted = _only(trials([Group.SHOWING]), only)
    outcomes = carry_out(wanted, results, workers, _tell, claim_differs)
    found = differences(wanted, outcomes)
    for line in found:
        _tell(line)
    if write:
        _tell(f"written: {', '.join(path.name for path in write_claims(outcomes)) or 'nothing'}")
    cpu_s = sum(outcome.cpu_s for outcome in outcomes)
    _tell(f"{len(outcomes)} rows, {cpu_s:.0f} s of a core, {sum(line.startswith('@@') for line in found)} not true")
    raise typer.Exit(NOT_AS_IT_MUST_BE if found else 0)


@app.command("page")
def make_page(folder: Annotated[Path, typer.Argument(help="Where the campaign kept its outcomes.")]) -> None:
    """Print the page of the documents."""
    sys.stdout.write(page(folder))


def _only(all_of_them: list[Trial], names: list[str] | None) -> list[Trial]:
    return [trial for trial in all_of_them if not names or any(trial.is_called(name) for name in names)]


def _kept(folder: Path | None, group: Group) -> list[WholeOutcome]:
    return [] if folder is None else kept(folder, group)


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it ends its runs
    app()
