# SPDX-License-Identifier: Apache-2.0
"""A console for tables: as wide as the terminal, and wide enough to read where there is no terminal."""

from rich.console import Console

WIDTH_WITHOUT_TERMINAL = 140
"""Rich would take 80; a log of a build machine or a file has no edge."""


def wide_console() -> Console:
    """Return a console on standard output; COLUMNS widens it further where there is no terminal."""
    console = Console(emoji=False, highlight=False)  # a serial number that holds ":bomb:" is shown as it is
    if console.is_terminal:
        return console
    return Console(emoji=False, highlight=False, width=max(WIDTH_WITHOUT_TERMINAL, console.width))
