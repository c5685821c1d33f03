# SPDX-License-Identifier: Apache-2.0
"""`pumpbench verify`: is a sealed record still what was signed, and does all that it says follow from what it holds."""

from pathlib import Path
from typing import Annotated

import typer

from bench.journal import read_lines
from bench.journal.lines import JournalOpened
from bench.run import own_code_sha256
from bench.run_folder import JOURNAL
from cli.wide_console import wide_console
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.wall_clock import utc_now
from reports.checked_run import CheckedRun
from reports.sealed import bundle_verifier
from reports.sealed.bundle_verifier import (
    Finding,
    NotReadable,
    Verification,
    lacks,
    named_otherwise,
    opened,
    told,
    trusted_keys,
    unused,
    verify_folder,
)
from reports.terminal_text import terminal_text

FROM_FIGURES = "every verdict from its figures, weighed ones from their marks and corrections"
"""What is made again of each record that is intact."""


def verify(
    bundle: Annotated[Path | None, typer.Argument(help="The folder of a sealed record, or its zip.")] = None,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="[NAME=]FILE", help="A public key that you trust, of NAME. Repeat it."),
    ] = None,
    timestamp: Annotated[
        Path | None,
        typer.Option("--timestamp", metavar="FILE", help="A time stamp of the record (RFC 3161), to verify as well."),
    ] = None,
    tsa: Annotated[
        list[Path] | None,
        typer.Option("--tsa", metavar="FILE", help="Certificates that you trust for time stamps, PEM. Repeat it."),
    ] = None,
    require: Annotated[
        list[str] | None,
        typer.Option("--require", metavar="ROLE", help="Who has to have signed, whatever the record says. Repeat it."),
    ] = None,
    samples: Annotated[
        bool | None,
        typer.Option(
            "--samples/--no-samples",
            help="Make every verdict again from the samples, or leave that out. If neither is given: where it can be.",
        ),
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="For the samples: run plans that are not the bench's own.")
    ] = False,
    write_verifier: Annotated[
        Path | None,
        typer.Option("--write-verifier", help="Write the verifier that needs no pumpbench into this file, and end."),
    ] = None,
) -> None:
    """Verify a sealed record, offline: files, hashes, signatures, what was to run against what ran, and every verdict.

    Each verdict is made again: from its figures, those from the marks and the corrections, and the worst of all from
    the journal; then all of them from the raw samples, by the plans that are installed here, as `pumpbench replay`
    does: a tenth to half a second a test. A line tells what was made again from what. `--no-samples` leaves the last
    step out; `--samples` has it count as wrong that it cannot be taken, as where the plans are gone.
    `--write-verifier` gives one small file for somebody who has no pumpbench: it needs Python and `cryptography`, and
    makes again all but coverage factors and corrections.

    Example: `pumpbench verify runs/20270101T120000Z-bench-7-SN0042.sealed --key "A. Tester=tester.key.pub"`

    Exit code: 0 intact, complete, and signed by keys that you trust, whatever the verdict of the run; 2 wrong use;
    3 anything else.
    """
    if write_verifier is not None:
        _write(write_verifier)
        return
    if bundle is None:
        raise PlanError("bundle", "verify", "none was named", "pumpbench verify BUNDLE --key NAME=FILE")
    try:
        trusted = trusted_keys(key or [])
    except ValueError as odd:
        raise PlanError(
            "option --key", "read", str(odd), "name a public key in PEM form, such as tester.key.pub"
        ) from odd
    stamped = made = ""
    try:
        with opened(bundle) as folder:
            found = verify_folder(folder, trusted)
            if found.intact:
                found.findings += _made_again(folder / "data")
            if found.intact:
                made = FROM_FIGURES
            if found.intact and samples is not False:
                made = _from_samples(folder / "data", found, trust=trust, must=samples is True)
            if found.intact and timestamp is not None:
                stamped = _stamped(timestamp, tsa or [], folder, found)
        found.findings += named_otherwise(bundle, found)
    except NotReadable as odd:
        next_step = "name a bundle that `pumpbench seal` made, whole"
        raise BenchFault(f"bundle {bundle}", "verify", str(odd), next_step) from odd
    found.missing += lacks(found, trusted, require or [], utc_now())
    console = wide_console()
    beside = [f"{word} {what}" for word, what in (("stamped ", stamped), ("remade  ", made)) if what]
    for line in [*beside, *(f"note     {one}" for one in unused(found, trusted)), *told(found)]:
        console.print(terminal_text(line), soft_wrap=True)
    raise typer.Exit(ExitCode.PASSED if found.complete else ExitCode.NOT_TESTED)


def _stamped(file: Path, certificates: list[Path], folder: Path, found: Verification) -> str:
    """Verify a time stamp; what is wrong with it is one of the findings."""
    from reports.sealed.time_stamp import time_stamp  # an extra, which few have

    try:
        stamp = time_stamp(file, certificates, folder, found.signatures)
    except BenchFault as odd:
        found.findings.append(Finding(str(file), odd.seen))
        return ""
    found.findings += [Finding(str(file), one) for one in stamp.contradictions(found.signatures)]
    return str(stamp)


def _made_again(record: Path) -> list[Finding]:
    """Make all that the record says again with the bench's own mathematics."""
    try:
        CheckedRun.read(record)
    except (BenchFault, PlanError) as contradiction:
        return [Finding("data", contradiction.finding)]
    return []


def _from_samples(record: Path, found: Verification, *, trust: bool, must: bool) -> str:
    """Make every judgement again from the samples; return what was made again from what, for a person.

    What comes out otherwise is wrong. It is no more than lacking where other code than today's made the record: then
    nobody can tell from here whether the method was changed or the record.
    """
    from cli.stored_plans import made_again_from_samples  # it runs pytest, which nobody else waits for

    try:
        made = made_again_from_samples(record, trust=trust)
    except (BenchFault, PlanError) as cannot:
        if must:
            found.findings.append(Finding("data", f"cannot be made again from the samples: {cannot.finding}"))
        return f"{FROM_FIGURES}; not from the samples: {cannot.finding}"
    odd = [str(one) for one in made.differences]
    odd += [f"{own} cannot be made again from the samples: {why}" for own, why in made.not_made.items()]
    made_by, today = _code_of(record), own_code_sha256()
    if made_by == today or must:
        found.findings += [Finding("data", one) for one in odd]
    elif odd:
        more = f", and {len(odd) - 1} more" if len(odd) > 1 else ""
        by = f"the code that made it ({made_by[:12] or 'not told'}…; here is {today[:12]}…)"
        found.missing.append(f"{by}, to make it again from the samples as it was: {odd[0]}{more}")
    of_all = len(made.same) + len(made.not_made) + len({one.id for one in made.differences if one.id[:1] == "J"})
    return (
        f"{FROM_FIGURES}, and {len(made.same)} of {of_all} verdicts from the raw samples, by the plans installed here"
    )


def _code_of(record: Path) -> str:
    """Return the hash of the code that a record was made by; empty where it does not tell."""
    first = next(read_lines(record / JOURNAL), None)
    return first.body.code_sha256 if first is not None and isinstance(first.body, JournalOpened) else ""


def _write(path: Path) -> None:
    content = Path(bundle_verifier.__file__).read_bytes()
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as refused:
        raise PlanError(f"verifier {path}", "write", str(refused), "name another file") from refused
    text = f"verifier {path}: python {path} BUNDLE --key NAME=FILE"
    wide_console().print(terminal_text(text), soft_wrap=True)
