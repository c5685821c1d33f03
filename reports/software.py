# SPDX-License-Identifier: Apache-2.0
"""Which pumpbench made a record: its version, and the commit where it runs from a git checkout."""

import shutil
import subprocess
from importlib import metadata
from pathlib import Path

GIT_LIMIT_S = 10.0
MODIFIED = "-modified"
"""Behind a commit: tracked files differ from it."""


def identity(checkout: Path | None = None) -> dict[str, str | None]:
    """Return `version` and `commit`.

    The commit ends in `-modified` where tracked files differ from it, and is None outside a checkout or without git.

    Args:
        checkout: the folder to ask git about; None for the one this file is in.
    """
    folder = checkout or Path(__file__).resolve().parent.parent
    commit = _git(folder, "rev-parse", "HEAD") if (folder / ".git").exists() else None
    if commit and _git(folder, "status", "--porcelain", "--untracked-files=no"):
        commit += MODIFIED
    return {"version": metadata.version("pumpbench"), "commit": commit}


def _git(folder: Path, *arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    try:
        ended = subprocess.run(  # noqa: S603  # fixed arguments; git was found on the user's own path
            [git, "-C", str(folder), *arguments], capture_output=True, text=True, timeout=GIT_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ended.stdout.strip() if ended.returncode == 0 else None
