# SPDX-License-Identifier: Apache-2.0
"""An interpreter that has imported what `pumpbench` needs, and forks itself for each command that is to be run.

What a command imports costs more than a second of processor time, which is most of a short run. The fork is a process
like any other: with a session, words, environment and folder of its own, and the end that an interpreter has.

    python -c "from tests.sim.warm_interpreter import serve; serve(3)"

A request is one message on a socket: words, folder and environment as JSON, and with it open files: standard output,
standard error, one in which it is told what number the process got and, later, how it ended; and standard input, where
it has one.
"""

import atexit
import contextlib
import gc
import json
import os
import runpy
import select
import socket
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from instruments.register_map.map import RegisterMap
from reports.page.page_html import _environment

LARGEST_REQUEST = 1 << 18
COMMANDS = ("resume", "report", "doctor", "simulate", "who", "analyse", "control")
IMPORTED = ("tests.campaigns.preloaded", *(f"cli.{name}" for name in COMMANDS), "hypothesis", "execnet", "pyvisa_py",
            "pyarrow.pandas_compat")  # fmt: skip
"""What a run imports at its start, and what it imports for its views when it is over."""


class _Request(NamedTuple):
    """What is to be run: its words, with the interpreter's own in front, as JSON; and the files that were sent."""

    content: bytes
    files: list[int]


class _Running(NamedTuple):
    """A process that was forked, and where its end is told."""

    pid: int
    told: int


def serve(control: int) -> None:
    """Fork for each request, until nobody can ask any more; what was asked for is run in the fork."""
    _warm_up()
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=control) as asked:
        request = _forked_for(asked)
    if request is not None:
        _run_to_the_end(_become(request))


def _warm_up() -> None:
    for name in IMPORTED:
        import_module(name)
    for name in ("pump", "rig"):
        RegisterMap.named(name)  # is built once
    templates = _environment()
    for name in templates.list_templates(extensions=["j2"]):
        templates.get_template(name)  # is compiled once


def _forked_for(asked: socket.socket) -> _Request | None:
    """Return a request in the process that was forked for it; None in this process, at the end."""
    running: dict[int, _Running] = {}
    events = select.poll()
    events.register(asked, select.POLLIN)
    while True:
        for file, _ in events.poll():
            if file != asked.fileno():
                events.unregister(file)
                _tell_the_end(file, running.pop(file))
                continue
            content, files, _, _ = socket.recv_fds(asked, LARGEST_REQUEST, 4)
            if not content:
                return None
            pid = os.fork()
            if pid == 0:
                _close(*running, *(one.told for one in running.values()))
                return _Request(content, files)
            end = os.pidfd_open(pid)
            running[end] = _Running(pid, files.pop(2))
            events.register(end, select.POLLIN)
            _close(*files)


def _tell_the_end(end: int, process: _Running) -> None:
    _, status = os.waitpid(process.pid, 0)
    with contextlib.suppress(BrokenPipeError):  # nobody wants to know any more
        os.write(process.told, b"%d\n" % os.waitstatus_to_exitcode(status))
    _close(end, process.told)


def _become(request: _Request) -> list[str]:
    """Be the process that was asked for, and return its words."""
    os.setsid()
    output, errors, told, *given = request.files
    os.dup2(output, 1)
    os.dup2(errors, 2)
    if given:
        os.dup2(given[0], 0)
    content = json.loads(request.content)
    os.chdir(content["folder"])
    os.environ.clear()
    os.environ.update(content["environment"])
    os.write(told, b"%d\n" % os.getpid())  # from here on its group can be sent signals
    _close(*request.files)
    words: list[str] = content["words"]
    return words


def _run_to_the_end(words: list[str]) -> None:
    """Run, and end as an interpreter does, but for taking apart its modules, which costs as much as a short run.

    An error and an interrupt end it in the usual way.
    """
    code: object = None
    try:
        _run(words)
    except SystemExit as end:
        code = end.code
    if not (code is None or isinstance(code, int)):
        sys.exit(str(code))
    threading._shutdown()  # type: ignore[attr-defined]  # nothing public waits for all threads
    atexit._run_exitfuncs()
    gc.collect()  # of what was forgotten open, the warnings come now
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


def _run(words: list[str]) -> None:
    if words[1:2] == ["-m"]:
        sys.path[0] = str(Path.cwd())
        sys.argv = [words[0], *words[3:]]
        runpy.run_module(words[2], run_name="__main__", alter_sys=True)
    else:
        sys.path[0] = str(Path(words[0]).parent)
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")


def _close(*files: int) -> None:
    for one in files:
        os.close(one)
