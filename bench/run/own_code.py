# SPDX-License-Identifier: Apache-2.0
"""Which code a run was made with: one hash over all files of the bench's own packages."""

import hashlib
from functools import cache
from pathlib import Path

import bench

PACKAGES = ("bench", "cli", "fixtures", "groundfloor", "instruments", "metrology", "reports")
SUFFIXES = frozenset({".py", ".toml"})


@cache
def own_code_sha256(root: Path | None = None) -> str:
    """Return the SHA-256 over names and contents; the same code has the same wherever it is installed.

    Args:
        root: where the packages are; None for those that run.
    """
    root = root if root is not None else Path(str(bench.__file__)).parents[1]
    digest = hashlib.sha256()
    for package in PACKAGES:
        files = ((path.relative_to(root).as_posix(), path) for path in (root / package).rglob("*"))
        for name, path in sorted(file for file in files if file[1].suffix in SUFFIXES):
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
