# SPDX-License-Identifier: Apache-2.0
"""`pumpbench verify`: is a sealed record still what was signed, and does all that it says follow from what it holds."""

from pathlib import Path
from typing import Annotated

import typer

from cli.wide_console import wide_console
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
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
    verify_folder,
)
from reports.terminal_text import terminal_text


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
    samples: Annotated[
        bool, typer.Option("--samples", help="Make every figure again from the samples, a third of a second a test.")
    ] = False,
    trust: Annotated[
        bool, typer.Option("--trust", help="With --samples: run plans that are not the bench's own.")
    ] = False,
    write_verifier: Annotated[
        Path | None,
        typer.Option("--write-verifier", help="Write the verifier that needs no pumpbench into this file, and end."),
    ] = None,
) -> None:
    """Verify a sealed record, offline: files, hashes, signatures, what was to run against what ran, and every verdict.

    Each verdict is made again: from its figures, those from the marks and the corrections, and the worst of all from
    the journal; with `--samples` also by the plans of today, from every sample, as `pumpbench replay` does.
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
    stamped = ""
    try:
        with opened(bundle) as folder:
            found = verify_folder(folder, trusted)
            if found.intact:
                found.findings += _made_again(folder / "data")
                found.findings += _from_samples(folder / "data", trust=trust) if samples else []
            if found.intact and timestamp is not None:
                stamped = _stamped(timestamp, tsa or [], folder, found)
        found.findings += named_otherwise(bundle, found)
    except NotReadable as odd:
        next_step = "name a bundle that `pumpbench seal` made, whole"
        raise BenchFault(f"bundle {bundle}", "verify", str(odd), next_step) from odd
    found.missing += lacks(found, trusted)
    console = wide_console()
    for line in [*([f"stamped  {stamped}"] if stamped else []), *told(found)]:
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


def _from_samples(record: Path, *, trust: bool) -> list[Finding]:
    """Make every judgement again from the samples; one that cannot be made again is a finding too."""
    from cli.stored_plans import made_again_from_samples  # it runs pytest, which nobody else waits for

    made = made_again_from_samples(record, trust=trust)
    lacking = [
        Finding("data", f"{own} cannot be made again from the samples: {why}") for own, why in made.not_made.items()
    ]
    return [*(Finding("data", f"{one}") for one in made.differences), *lacking]


def _write(path: Path) -> None:
    content = Path(bundle_verifier.__file__).read_bytes()
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as refused:
        raise PlanError(f"verifier {path}", "write", str(refused), "name another file") from refused
    text = f"verifier {path}: python {path} BUNDLE --key NAME=FILE"
    wide_console().print(terminal_text(text), soft_wrap=True)
