# SPDX-License-Identifier: Apache-2.0
"""Python as Windows has it, as far as Linux can imitate that: no POSIX-only module, no POSIX-only name, another name.

    python -m tests.imitated_windows '["new", "my-pump", "--yes"]' …

It imports every shipped module, then runs the commands, each given as a list in JSON, and tells of each in a line of
JSON what became of it.

What other people's libraries need of POSIX they have taken before: they come with a Windows form of their own, which
cannot run here. What is imitated: `msvcrt.locking` by a lock of POSIX on the same byte, the names of `signal` and
`subprocess`, the handler of the console, and owner and access list of a file, told from its owner and mode. Nothing
here shows that a call of Windows itself is right.
"""

import ctypes
import errno
import json
import os
import pathlib
import pkgutil
import platform
import select
import signal
import socket
import struct
import subprocess
import sys
import time
import tomllib
import types
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from importlib.abc import MetaPathFinder
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
GONE_MODULES = ("fcntl", "termios", "pty", "tty", "pwd", "grp", "resource", "syslog", "crypt", "spwd", "nis")
GONE: dict[types.ModuleType, Sequence[str]] = {
    os: (
        *("getuid", "geteuid", "getgid", "getegid", "getgroups", "getpgid", "getpgrp", "getsid", "setpgid", "setsid"),
        *("fork", "forkpty", "openpty", "ttyname", "tcgetpgrp", "tcsetpgrp", "killpg", "mkfifo", "mknod", "uname"),
        *("fchmod", "fchown", "chown", "lchown", "pread", "pwrite", "preadv", "pwritev", "fdatasync", "sync", "nice"),
        *("statvfs", "fstatvfs", "sched_getaffinity", "sched_setaffinity", "sysconf", "confstr", "set_blocking"),
        *("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_NOCTTY", "O_DIRECTORY", "O_SYNC", "O_DSYNC", "O_NDELAY"),
        *("WNOHANG", "WIFEXITED", "wait3", "wait4", "getrusage", "posix_fadvise", "sendfile", "writev", "readv"),
    ),
    signal: (
        *("SIGUSR1", "SIGUSR2", "SIGHUP", "SIGALRM", "SIGQUIT", "SIGKILL", "SIGCHLD", "SIGPIPE", "SIGWINCH", "SIGTSTP"),
        *("pthread_kill", "pthread_sigmask", "sigwait", "setitimer", "alarm", "pause", "ITIMER_REAL", "siginterrupt"),
        *("SIG_BLOCK", "SIG_SETMASK", "SIG_UNBLOCK"),
    ),
    select: ("poll", "epoll", "POLLIN", "POLLOUT"),
    socket: ("MSG_DONTWAIT", "AF_UNIX"),
    time: ("clock_gettime", "CLOCK_BOOTTIME", "CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW"),
}
OWN = "S-1-5-21-1-1000"


class _Refused(MetaPathFinder):
    """Finds none of the modules that Windows has not."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name in GONE_MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def shipped() -> Iterator[str]:
    """Yield the names of all modules that are installed with pumpbench."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        tools = tomllib.load(file)["tool"]["setuptools"]
    yield from tools["py-modules"]
    patterns = tools["packages"]["find"]["include"]
    for package in sorted({pattern.removesuffix(".*").rstrip("*") for pattern in patterns}):
        yield package
        yield from (one.name for one in pkgutil.walk_packages([str(ROOT / package)], f"{package}."))


def importable() -> list[str]:
    """Return the shipped modules that are no program; the chapters, which pytest imports, are among them."""
    return [name for name in shipped() if not name.endswith(".__main__")]


def imitate(names: Sequence[str]) -> None:
    """Take away what Windows has not, name what it has, and forget every module of ours, which these are."""
    import fcntl

    for name in (*names, "psutil"):
        import_module(name)  # with it come the libraries, in the form in which they can work here
    platform.uname()
    ours = {name.partition(".")[0] for name in names}
    for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
        del sys.modules[name]
    for name in GONE_MODULES:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _Refused())
    for module, names in GONE.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    sys.platform = "win32"
    os.name, pathlib.WindowsPath = "nt", pathlib.PosixPath  # type: ignore[misc,assignment]
    for module, named in {
        os: {"O_BINARY": 0, "O_NOINHERIT": 0},
        signal: {"SIGBREAK": signal.SIGTTIN},
        subprocess: {"DETACHED_PROCESS": 8, "CREATE_NEW_PROCESS_GROUP": 512},
        ctypes: {"WINFUNCTYPE": ctypes.CFUNCTYPE, "windll": _windll(), "WinDLL": None},
    }.items():
        for name, value in named.items():
            setattr(module, name, value)
    sys.modules["msvcrt"] = imitated_msvcrt(fcntl)
    _imitate_owners()


def _windll() -> object:
    handlers: list[object] = []
    kernel = types.SimpleNamespace(handlers=handlers, SetConsoleCtrlHandler=lambda one, _on: handlers.append(one))
    return types.SimpleNamespace(kernel32=kernel)


def imitated_msvcrt(fcntl: types.ModuleType) -> types.ModuleType:
    made = types.ModuleType("msvcrt")

    def locking(descriptor: int, _mode: int, count: int) -> None:
        wanted = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_CUR, 0, count, 0)
        try:
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, wanted)  # of the open file, as on Windows, not of the process
        except BlockingIOError as taken:
            raise PermissionError(errno.EACCES, "Permission denied") from taken

    made.__dict__.update(locking=locking, LK_NBLCK=2, kbhit=lambda: False, get_osfhandle=lambda descriptor: descriptor)
    return made


def _imitate_owners() -> None:
    access = import_module("groundfloor.system.file_access")

    def security_text(file: Path | int) -> str:
        found = os.fstat(file) if isinstance(file, int) else file.lstat()
        owner = {0: "BA"}.get(found.st_uid, f"S-1-5-21-1-{found.st_uid}")
        others = "(A;;FA;;;WD)" if found.st_mode & 0o002 and not found.st_mode & 0o1000 else "(A;;FR;;;WD)"
        return f"O:{owner}G:BAD:(A;;FA;;;SY)(A;;FA;;;{owner}){others}"

    access.security_text = security_text  # type: ignore[attr-defined]
    access.own_identifier = lambda: OWN  # type: ignore[attr-defined]


def main(commands: Sequence[str]) -> None:
    """Import everything, and run commands of `pumpbench`."""
    names = importable()
    imitate(names)
    for name in names:
        import_module(name)
    sys.stdout.write(json.dumps({"imported": len(names)}) + "\n")
    for command in commands:
        sys.stdout.write(json.dumps(_ran(json.loads(command))) + "\n")


def _ran(words: list[str]) -> dict[str, object]:
    sys.argv = ["pumpbench", *words]
    code: object = 0
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as errors:
        try:
            import_module("cli.main").main()
        except SystemExit as end:
            code = end.code or 0
    return {"command": words[0], "code": code, "out": out.getvalue(), "errors": errors.getvalue()}


if __name__ == "__main__":
    main(sys.argv[1:])
