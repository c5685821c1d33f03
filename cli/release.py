# SPDX-License-Identifier: Apache-2.0
"""`pumpbench release`: take a bench away from somebody who still holds it, and leave it safe."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from bench.bench_file import BenchFile
from bench.devices import rig_opens_once
from bench.lease import Holder, LeaseHeld, LeaseStore, ask_rig, is_called, lease_key, make_free
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from reports.terminal_text import terminal_text


def release(
    bench: Annotated[Path, typer.Argument(help="The bench file.")],
    holder: Annotated[
        str, typer.Option("--from", help="Who holds it now, as `pumpbench who` tells: user@host or user@host:pid.")
    ],
) -> None:
    """Take a bench from HOLDER, but only if HOLDER still holds it; the rig goes to its safe state.

    The session that held it can move nothing from then on, and ends BLOCKED. Exit code 3: somebody else holds it, or
    the rig does not answer.
    """
    file = BenchFile.load(bench)
    by = Holder.here().person
    store = LeaseStore(lease_key(file))
    alive = store.describe().locked
    kicked = store.kick(holder, by)
    if kicked is None:
        _refuse_unless_the_rig_names(file, holder, bench)
    if alive and rig_opens_once(file):
        end = "that session, which has the serial line, makes it safe now"
    else:
        make_free(file, f"released by {by}")
        end = "the rig is in its safe state"
    told = f"bench {file.bench.name}: taken from {holder if kicked is None else kicked.holder}; {end}"
    wide_console().print(terminal_text(told), soft_wrap=True)


def _refuse_unless_the_rig_names(file: BenchFile, holder: str, path: Path) -> None:
    rig = ask_rig(file)
    asset = f"bench {file.bench.name}"
    if not rig.held:
        raise PlanError(asset, f"release from {holder}", "nobody holds it", "just use it")
    if not is_called(rig.holder, holder):
        seen = f"{rig.holder} holds it, says the rig"
        next_step = f"`{shlex.join(['pumpbench', 'release', '--from', rig.holder, str(path)])}` if you must"
        raise LeaseHeld(asset, f"release from {holder}", seen, next_step)
