# SPDX-License-Identifier: Apache-2.0
"""The command `pumpbench`, and `python -m pumpbench`: are our packages ours? Only then does the command line begin.

The names of our packages are plain words, and another distribution may ship a package called `bench`, or `cli`.
Whatever stands earlier on Python's path would be taken in place of ours, so this is looked at before any of them is
imported, in a module whose name is that of the distribution. Nothing is imported for it.
"""

import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("bench", "cli", "fixtures", "groundfloor", "instruments", "metrology", "reports", "test_plans")
HOME = Path(__file__).resolve().parent
WRONG_USE = 2
INTERRUPTED = 130
"""What a shell says of a command that Ctrl-C ended."""


def shadowed() -> str:
    """Return a sentence about the first of our packages that comes from somewhere else; empty when none does."""
    for name in PACKAGES:
        place = _place(name)
        if place != HOME / name:
            return _told(name, place)
    return ""


def _place(name: str) -> Path | None:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).resolve().parent


def _told(name: str, place: Path | None) -> str:
    if place is None:
        return f"pumpbench: load: package '{name}' is missing in {HOME}. Next: install pumpbench again"
    others = [one for one in metadata.packages_distributions().get(name, []) if one != "pumpbench"]
    whose = f" (distribution {', '.join(sorted(set(others)))})" if others else ""
    seen = f"package '{name}' comes from {place}{whose} and hides the one in {HOME}"
    return f"pumpbench: load: {seen}. Next: uninstall that distribution, or take {place.parent} off Python's path"


def main() -> None:
    """Run the command line.

    Exit with 2 where a package of another distribution hides one of ours, and with 130 after Ctrl-C while the command
    is loaded; from then on the command itself says what it leaves behind.
    """
    if hidden := shadowed():
        sys.stderr.write(f"Cannot start. {hidden}\n")
        sys.exit(WRONG_USE)
    try:
        from cli.main import main as command_line  # not before it is known to be ours

        command_line()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted while the command was loaded: nothing was opened, and nothing was written.\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
