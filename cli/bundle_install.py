# SPDX-License-Identifier: Apache-2.0
"""Installs pumpbench from the folder that this file lies in, without any network: `python install.py --into FOLDER`.

`pumpbench bundle` puts this file into each bundle. It runs where nothing of pumpbench is there yet: it is made of the
standard library alone. Nothing is installed from a folder of which a file is missing, changed, or too many.

Exit code: 0 installed; 2 it is the wrong Python, or the bundle is not whole; 3 pip or the disk refused.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUMS, ABOUT, WHEELS, GENERATOR = "SHA256SUMS", "bundle.json", "wheels", "generator.zip"
HOME_VARIABLE = "PUMPBENCH_ALLURE_HOME"
CACHE_OF_THE_USER = "from platformdirs import user_cache_dir; print(user_cache_dir('pumpbench'))"


def main(words: list[str] | None = None) -> int:
    """Check the bundle, and install it; return the exit code."""
    parser = argparse.ArgumentParser(description="Install pumpbench from this folder, without any network.")
    parser.add_argument("--into", type=Path, default=Path("pumpbench-env"), help="environment, made if it is not there")
    parser.add_argument("--check", action="store_true", help="look whether the bundle is whole, and install nothing")
    asked = parser.parse_args(words)
    wrong = [*misfits(HERE)] or [*wrong_python(HERE)]
    if wrong:
        sys.stderr.write("Nothing was installed.\n" + "\n".join(wrong) + "\n")
        return 2
    sys.stdout.write("The bundle is whole.\n")
    if asked.check:
        return 0
    try:
        python = install(asked.into)
    except (OSError, subprocess.CalledProcessError, zipfile.BadZipFile) as refused:
        sys.stderr.write(f"It could not be installed into {asked.into}: {refused}\n")
        return 3
    sys.stdout.write(f"Installed. Try: {python.with_name('pumpbench')} run simulated --chapter quiet\n")
    return 0


def misfits(folder: Path) -> Iterator[str]:
    """Yield in what a bundle is not what was made, a sentence each."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError as refused:
        yield f"{SUMS} cannot be read ({refused.strerror}): copy the whole bundle again"
        return
    named = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    yield from (f"{name} is missing: copy it again" for name in sorted(named.keys() - there))
    yield from (f"{name} belongs to no bundle: take it away" for name in sorted(there - named.keys() - {SUMS}))
    for name in sorted(named.keys() & there):
        if digest_of(folder / name) != named[name]:
            yield f"{name} is not what was bundled: copy it again"


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def wrong_python(folder: Path) -> Iterator[str]:
    """Yield why this Python is not the one that the bundle is for."""
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    if about["python"] != here:
        yield (
            f"The bundle is for Python {about['python']}, and this is {here}: "
            f"run it with that one, or make another with `pumpbench bundle --python {here}`"
        )


def install(into: Path) -> Path:
    """Install all of it; return the Python of the environment."""
    if not (into / "pyvenv.cfg").is_file():
        venv.create(into, with_pip=True)
    python = into.resolve() / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    about = json.loads((HERE / ABOUT).read_text(encoding="utf-8"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment["PIP_CONFIG_FILE"] = os.devnull  # neither an index nor a constraint of this computer counts
    words = ["-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check"]
    words += ["--find-links", str(HERE / WHEELS), about["requirement"]]
    subprocess.run([str(python), *words], check=True, env=environment)  # noqa: S603  pip of the environment just made
    if (HERE / GENERATOR).is_file():
        _unpack_generator(python)
    return python


def _unpack_generator(python: Path) -> None:
    """Put the report generator where pumpbench looks for it."""
    words = [str(python), "-c", CACHE_OF_THE_USER]
    asked = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603  as above
    home = Path(os.environ.get(HOME_VARIABLE) or asked.stdout.strip())
    home.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(HERE / GENERATOR) as packed:
        packed.extractall(home)
    sys.stdout.write(f"The report generator is in {home}.\n")


if __name__ == "__main__":
    sys.exit(main())
