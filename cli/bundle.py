# SPDX-License-Identifier: Apache-2.0
"""`pumpbench bundle`: all that a computer without a network needs, in one folder or one file."""

import json
import re
import shutil
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from cli import bundle_install
from cli.bundle_install import ABOUT, GENERATOR, SUMS, WHEELS, digest_of
from cli.bundle_wheels import own_wheel, wheels_for
from groundfloor.errors import BenchFault, PlanError
from pumpbench import PACKAGES
from reports.allure_home import allure_script
from reports.node import HtmlMissing
from reports.terminal_text import terminal_text

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
README = """pumpbench {version}, for Python {python}{platforms}

Install it, without any network, with a Python {python} of the computer in the lab:

    python install.py --into pumpbench-env

It checks each file by SHA256SUMS, makes the environment `pumpbench-env`, and installs into it from `wheels/` alone.
`python install.py --check` only checks. {generator}
"""


def bundle(
    target: Annotated[Path, typer.Argument(help="A folder that is made, or a file that ends with .zip.")],
    platform: Annotated[
        list[str] | None,
        typer.Option(
            help="Platform as pip names it, such as win_amd64; repeat it for several. This computer's if none."
        ),
    ] = None,
    python: Annotated[str, typer.Option(help="Version of the Python that is going to run it, such as 3.12.")] = HERE,
    wheel: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A wheel of pumpbench to take, instead of building it.")
    ] = None,
    generator: Annotated[bool, typer.Option(help="Bundle the generator of the Allure report as well.")] = True,
) -> None:
    """Collect what a computer without a network needs: wheels of pumpbench and all it depends on, the report generator.

    The bundle checks and installs itself: `python install.py --into ENVIRONMENT` in it asks no index.

    Exit code: 0; 2 wrong use; 3 pip, npm or the disk refused, and nothing is left behind.

    Example: `pumpbench bundle for-the-lab.zip --platform win_amd64 --python 3.12`
    """
    _refuse(target, python, platform or [], wheel)
    folder = target.with_name(f"{target.name}.growing")
    try:
        (folder / WHEELS).mkdir(parents=True)
        about = _collect(folder, platform or [], python, wheel)
        if generator:
            _add_generator(folder)
        _describe(folder, about, generator=generator)
        _put(folder, target)
    except OSError as refused:
        next_step = "name a place that you may write to, with a gigabyte of room"
        raise BenchFault(f"bundle {target}", "write", refused.strerror or str(refused), next_step) from refused
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    typer.echo(f"bundle   {terminal_text(str(target))}")
    typer.echo("install  python install.py --into pumpbench-env")


def _refuse(target: Path, python: str, platforms: list[str], wheel: Path | None) -> None:
    if target.exists():
        raise PlanError(f"bundle {target}", "make", "it is there already", "name another one, or take that away")
    if not re.fullmatch(r"3\.\d{1,2}", python):
        raise PlanError("--python", "use", f"{python!r} is no version of Python", "write it as in 3.12")
    if python != HERE and not platforms:
        seen = f"pip collects for Python {HERE}, which runs it, unless it is told a platform"
        raise PlanError("--python", "use", seen, "name the --platform too, such as manylinux_2_28_x86_64 or win_amd64")
    for one in platforms:
        if not re.fullmatch(r"[a-z0-9_.]+", one):
            raise PlanError("--platform", "use", f"{one!r} is no tag", "such as manylinux_2_28_x86_64 or win_amd64")
    if wheel is not None and not (wheel.is_file() and re.match(r"pumpbench-[^-]+-.*\.whl$", wheel.name)):
        raise PlanError(f"wheel {wheel}", "use", "it is no wheel of pumpbench", "name a file pumpbench-….whl")


def _collect(folder: Path, platforms: list[str], python: str, wheel: Path | None) -> dict[str, object]:
    wheels = folder / WHEELS
    if wheel is not None:
        own = Path(shutil.copy(wheel, wheels))
    else:
        own = own_wheel(wheels, PACKAGES, metadata.version("pumpbench"))
    wheels_for(str(own), wheels, platforms, python)
    version = own.name.split("-")[1]
    return {"requirement": f"pumpbench=={version}", "version": version, "python": python, "platforms": platforms}


def _add_generator(folder: Path) -> None:
    """Pack the folder in which the generator is installed; it is JavaScript, the same on every platform."""
    try:
        home = allure_script().parents[2]
    except HtmlMissing as missing:
        next_step = "mend that, or leave it out with --no-generator: the page of a run needs none"
        raise BenchFault("bundle", "collect the report generator", str(missing), next_step) from missing
    with zipfile.ZipFile(folder / GENERATOR, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(home.rglob("*")):
            if path.is_file():
                packed.write(path, Path(home.name) / path.relative_to(home))


def _describe(folder: Path, about: dict[str, object], *, generator: bool) -> None:
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(bundle_install.__file__, folder / "install.py")
    platforms = about["platforms"]
    named = f" on {', '.join(map(str, platforms))}" if isinstance(platforms, list) and platforms else ""
    told = "The generator of the Allure report comes with it." if generator else ""
    text = README.format(version=about["version"], python=about["python"], platforms=named, generator=told)
    (folder / "README.txt").write_text(text, encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{digest_of(path)}  {path.relative_to(folder).as_posix()}" for path in files]
    (folder / SUMS).write_text("\n".join(sums) + "\n", encoding="utf-8")


def _put(folder: Path, target: Path) -> None:
    if target.suffix != ".zip":
        folder.rename(target)
        return
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:  # wheels are packed already
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, Path(target.stem) / path.relative_to(folder))
