# SPDX-License-Identifier: Apache-2.0
"""The folder in which the Allure 3 generator is installed, once for each user and lock file.

The lock file names every package with its hash but no address, so packages come from whatever registry npm is set up
for, and nothing else than what was locked is taken. The folder appears by one rename when it is complete.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_dir

from reports.node import HtmlMissing, run_npm

HOME_VARIABLE = "PUMPBENCH_ALLURE_HOME"
INSTALL_LIMIT_S = 180.0
PROBE_LIMIT_S = 20.0
"""How long a registry may take to name a version; `npm ci` itself would wait minutes for one that stays silent."""

LOCKED = Path(__file__).parent / "allure"
NPM_SETTINGS = {
    "audit": "false",
    "fund": "false",
    "ignore-scripts": "true",
    "update-notifier": "false",
    "progress": "false",
    "loglevel": "error",
    "fetch-retries": "1",
    "fetch-retry-mintimeout": "500",
    "fetch-retry-maxtimeout": "2000",
    "fetch-timeout": "20000",
}


def allure_script(parent: Path | None = None) -> Path:
    """Return the generator's script; install it first where that has not been done yet.

    Args:
        parent: where installations are kept; None for the folder that `PUMPBENCH_ALLURE_HOME` names, or else the user's
            cache.

    Raises:
        HtmlMissing: it cannot be installed: no Node, no registry, no room.
    """
    parent = parent or Path(os.environ.get(HOME_VARIABLE) or user_cache_dir("pumpbench"))
    home = parent / f"allure-{_lock_hash()}"
    script = home / "node_modules" / "allure" / "cli.js"
    if script.is_file():
        return script
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with FileLock(parent / "allure-install.lock", timeout=INSTALL_LIMIT_S):
            if not script.is_file():
                _install(home)
    except Timeout as busy:
        raise HtmlMissing(f"another run is still installing Allure in {parent}") from busy
    except OSError as refused:
        raise HtmlMissing(f"Allure cannot be installed in {parent}: {refused}") from refused
    return script


def _install(home: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="installing-", dir=home.parent) as folder:
        growing = Path(folder) / "allure"
        growing.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(LOCKED / name, growing / name)
        run_npm(["view", "allure", "version"], growing, PROBE_LIMIT_S, NPM_SETTINGS)
        run_npm(["ci"], growing, INSTALL_LIMIT_S, NPM_SETTINGS)
        if home.exists():
            shutil.rmtree(home)
        growing.rename(home)


def _lock_hash() -> str:
    return hashlib.sha256((LOCKED / "package-lock.json").read_bytes()).hexdigest()[:16]
