# SPDX-License-Identifier: Apache-2.0
"""The process that a run folder belongs to, and how another terminal speaks to it.

While a run goes on its folder holds `run.pid`, which the run keeps locked: as long as the lock is held the number in
it is the run's, and no other process can have inherited it. A request is a file that says what is wanted and by whom;
the run looks for it all the time, and takes it away.
"""

from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bench.lease import Holder, OsLock
from groundfloor.errors import BenchFault, PlanError
from groundfloor.file_in_folder import write_in_folder
from groundfloor.only_ours import refuse_foreign
from groundfloor.regular_file import read_ours, read_regular
from groundfloor.system.open_file import OPEN_KEEPS_NAME
from groundfloor.system.process_start import process_start
from groundfloor.wall_clock import Deadline, sleep_s

PID_FILE = "run.pid"
REQUEST_FILE = "run.request"
STOPPING_FILE = "run.stopping"
"""Stands from the first request to stop the run to its end: a second one would end the process at once."""
MOST_BYTES = 4096
TAKEN_WITHIN_S = 2.0
POLL_S = 0.02
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]


class RequestKind(StrEnum):
    """What a person can ask of a run."""

    PAUSE = "pause"
    CONTINUE = "continue"
    STOP_TEST = "stop-test"
    STOP_RUN = "stop-run"


class Request(BaseModel):
    """One request, and who made it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RequestKind
    by: Text


class _Process(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int = Field(gt=1)
    host: Text
    started: int | None = None
    """As `process_start` tells it."""


class RunProcess:
    """Says, for as long as a `with` block lasts, that this process runs what is in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._lock = OsLock(folder / PID_FILE)
        self._requests = [folder / REQUEST_FILE, folder / STOPPING_FILE]

    def __enter__(self) -> Self:
        """Write the process id.

        Raises:
            BenchFault: the folder cannot be written, or another process runs it.
        """
        asset = f"run folder {self._lock.path.parent}"
        here = Holder.here()
        try:
            if not self._lock.try_take():
                raise BenchFault(asset, "begin", "another process runs it", "wait for its end")
            self._lock.write(_Process(pid=here.pid, host=here.host, started=process_start(here.pid)).model_dump_json())
            for left_over in self._requests:
                left_over.unlink(missing_ok=True)
        except OSError as refused:
            raise BenchFault(asset, "begin", str(refused), "give a run folder that can be written") from refused
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the process id away."""
        for path in (self._lock.path, *self._requests):
            with suppress(OSError):  # the folder may have gone; that is told by whoever writes the record
                path.unlink()
        self._lock.free()
        if OPEN_KEEPS_NAME:
            with suppress(OSError):  # somebody may have begun to run it already, and has it open
                self._lock.path.unlink()


def ask(folder: Path, kind: RequestKind) -> int:
    """Ask the run in `folder` for something, and return the number of its process.

    Raises:
        PlanError: no run goes on there, it runs on another computer, or it is ending already.
        BenchFault: it cannot be reached.
    """
    _running(folder)
    _refuse_foreign_word(folder, kind)
    pid = _running(folder, read_ours)  # what was looked at a moment ago need not be what stands there now
    request = Request(kind=kind, by=Holder.here().person)
    if (folder / STOPPING_FILE).exists():
        seen = f"process {pid} was asked to end already, and finishes its record"
        raise PlanError(
            f"run {folder}", str(kind), seen, "wait for its end; Ctrl-C in its own terminal ends it at once"
        )
    try:
        if kind is RequestKind.STOP_RUN:
            write_in_folder(folder, STOPPING_FILE, request.model_dump_json().encode())
        _let_be_taken(folder / REQUEST_FILE)
        write_in_folder(folder, REQUEST_FILE, request.model_dump_json().encode())
    except OSError as refused:
        next_step = "ask whoever started it; it may belong to another user"
        raise BenchFault(f"run {folder}", str(kind), str(refused), next_step) from refused
    return pid


def _let_be_taken(earlier: Path) -> None:
    """Wait until the run has taken in what it was asked before; one that does not look is asked all the same."""
    deadline = Deadline(TAKEN_WITHIN_S)
    while earlier.exists() and not deadline.passed():
        sleep_s(POLL_S)


def _refuse_foreign_word(folder: Path, kind: RequestKind) -> None:
    """Ask nothing in a folder of somebody else: that run is theirs to end."""
    try:
        refuse_foreign(folder, folder / PID_FILE)
    except OSError as foreign:
        raise PlanError(f"run {folder}", str(kind), str(foreign), "let the user whose run it is do this") from foreign


def goes_on(folder: Path) -> bool:
    """Tell whether a process of this computer runs what is in `folder`."""
    try:
        _running(folder)
    except PlanError:
        return False
    return True


def seems_to_go_on(folder: Path) -> bool:
    """Tell whether a run goes on in `folder`, by its `run.pid` and the system's list of processes.

    For those who look every second: `goes_on` takes the run's lock for a moment to be sure, and a run that begins in
    that moment would find it taken. A run on another computer counts as one while its file is there.
    """
    try:
        process = _Process.model_validate_json(read_regular(folder / PID_FILE, MOST_BYTES))
    except (OSError, ValidationError):
        return False
    if process.started is None or process.host != Holder.here().host:
        return True
    return process_start(process.pid) == process.started


def take_request(folder: Path) -> Request | None:
    """Return the request that was left in `folder`, and take it away.

    None if there is none that makes sense, or one that somebody else may have left.
    """
    path = folder / REQUEST_FILE
    try:
        content = read_ours(path, MOST_BYTES)
        path.unlink()
        return Request.model_validate_json(content)
    except (OSError, ValidationError):
        return None


def _running(folder: Path, read: Callable[[Path, int], bytes] = read_regular) -> int:
    path = folder / PID_FILE
    try:
        process = _Process.model_validate_json(read(path, MOST_BYTES))
        over = (lock := OsLock(path)).try_take()
        lock.free()
    except (OSError, ValidationError) as missing:
        next_step = "name the folder of a run that goes on"
        raise PlanError(f"run {folder}", "find its process", "no run goes on there", next_step) from missing
    if process.host != Holder.here().host:
        raise PlanError(f"run {folder}", "find its process", f"it runs on {process.host}", "do this there")
    if over or process_start(process.pid) != process.started:
        raise PlanError(f"run {folder}", "find its process", f"process {process.pid} is dead", "resume the run")
    return process.pid
