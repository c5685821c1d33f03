# SPDX-License-Identifier: Apache-2.0
"""`pumpbench protocol`: what a run is going to test, and how long, before it is run."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from bench.bench_file import BenchFile
from bench.corrections import corrections_of
from bench.devices import check_register_maps
from bench.profile import Profile
from bench.trace import Requirements
from bench.twin_of_profile import TwinOfProfile
from cli.chapters import PROFILES_FOLDER
from cli.plan import Plan
from cli.pytest_run import LOADED, SETTINGS
from cli.signing import PassphraseFile, PublicKey, Role, passphrase_from, signer_of
from fixtures.options import SIMULATED
from fixtures.own_twin import OwnTwin
from fixtures.plan_files import PlanFiles
from fixtures.protocol import collected_plan, protocol_of
from fixtures.protocol.frozen_of import FrozenFrom, frozen_of, planned_deviations_in
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from instruments.simulated.twin.twin_options import TwinOptions
from reports.protocol import protocol_html, protocol_markdown
from reports.sealed.signer import Signer
from reports.sealed.signing_key import SigningKey

FREEZES = "I froze this protocol before its first sample"


def protocol(
    plans: Annotated[
        list[Path] | None, typer.Argument(help="Plans of your own; the chapters that come with the bench if none.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="What the pump promises: a profile's name or file; else the plan's first.")
    ] = None,
    bench: Annotated[
        str, typer.Option(help="A bench file, or `simulated`; it is read, and nothing is opened.")
    ] = SIMULATED,
    only: Annotated[list[str] | None, typer.Option(help="Only this chapter. Repeat it for several.")] = None,
    requirements: Annotated[Path | None, typer.Option(help="Another baseline than the one of the chapters.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write it as a page into this file, too.")] = None,
    freeze: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Freeze it into this new file, signed; `pumpbench run --protocol FILE` binds it."
        ),
    ] = None,
    deviations: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Deviations that are planned: a TOML file with [[deviation]].")
    ] = None,
    firmware: Annotated[str, typer.Option(metavar="VERSION", help="The pump's firmware that is to be tested.")] = "",
    key: Annotated[str | None, typer.Option("--key", help="Your private key, to freeze it with.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Your name, as it is to be printed.")] = None,
    role: Role = "tester",
    public_key: PublicKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Print the verification protocol before it is run, as Markdown.

    For each test its purpose, method and acceptance, its requirements, what it declares to judge and by which limits
    of the profile, how often and why, how long it takes at this bench's capability, what does not apply to the pump,
    what this bench cannot test, and which figures are assumed. What only a run will tell is called unknown. The same
    plan, profile and bench give the same text, and its last line is the hash of what it says.

    Examples:
    `pumpbench protocol --profile implantable-40ml --html protocol.html > protocol.md`

    `pumpbench protocol my_plan.py --bench lab.toml --profile my-pump.toml`

    With `--freeze` the protocol is written as data and signed before the first sample; a run that names it is held
    against it, and each deviation is told: `pumpbench protocol --freeze protocol.json --key t.key --name "A. Tester"`.

    Exit code: 0; 2 wrong use or a bad file; 3 the token that signs does not answer.
    """
    signer, own_key = _signing(freeze, key, name, role, passphrase_file, public_key)
    if freeze is None and (deviations is not None or firmware):
        raise PlanError("--deviations, --firmware", "use", "nothing is frozen", "add --freeze FILE")
    planned = planned_deviations_in(deviations) if deviations is not None else ()
    if plans and only:
        raise PlanError("--only", "use", "it chooses among the chapters of the bench", "leave out one of both")
    plan = Plan.here()
    told_profile = Profile.named(profile or plan.profiles[0], *plan.profile_folders)
    settings = ["-c", str(SETTINGS), f"--rootdir={plan.root}", *LOADED]
    settings += [f"--protocol={freeze}"] if freeze is not None else []  # tests have the ids then that a run gives them
    items = collected_plan(plans or _chapters(plan, only or []), settings)
    file = _bench_file(bench, told_profile)
    with ExitStack() as exit_stack:
        baseline_file = requirements or PlanFiles.of(plan.root).baseline(exit_stack)
        baseline = Requirements.load(baseline_file)
        made = protocol_of(items, told_profile, baseline, file, whole=not plans and not only)
        if freeze is not None and signer is not None and own_key is not None:
            profile_file = Profile.find(profile or plan.profiles[0], *plan.profile_folders)
            source = FrozenFrom(items, profile_file, told_profile, baseline_file, baseline, file)
            frozen = frozen_of(source, made, firmware=firmware, planned_deviations=planned, signer=signer)
            frozen.write(freeze, own_key)
    if html is not None:
        _write(html, protocol_html(made))
    typer.echo(protocol_markdown(made), nl=False)
    raise typer.Exit(ExitCode.PASSED)


def _signing(
    freeze: Path | None,
    key: str | None,
    name: str | None,
    role: str,
    passphrase_file: Path | None,
    public_key: Path | None,
) -> tuple[Signer | None, SigningKey | None]:
    """Return who freezes the protocol, and the key; nobody where it is only told."""
    if freeze is None:
        return None, None
    if not key or not name:
        lacking = [option for option, value in (("--key", key), ("--name", name)) if not value]
        next_step = "add --key FILE --name NAME; `pumpbench key FILE` makes a key"
        raise PlanError(f"protocol {freeze}", "freeze", f"{' and '.join(lacking)} is missing", next_step)
    return signer_of(name, role, FREEZES), SigningKey.load(key, passphrase_from(passphrase_file), public_key)


def _chapters(plan: Plan, names: list[str]) -> list[Path]:
    return [plan.chapters[name] for name in plan.refuse_unknown(names)] or list(plan.places)


def _bench_file(bench: str, profile: Profile) -> BenchFile:
    if bench == SIMULATED:
        played = TwinOfProfile.of(profile, PROFILES_FOLDER)
        return OwnTwin(TwinOptions(model=played.model, figures=played.figures)).bench_to_come()
    file = BenchFile.load(Path(bench))
    check_register_maps(file)
    corrections_of(file)
    return file


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as refused:
        raise PlanError(f"page {path}", "write", str(refused), "name a file that you may write") from refused
