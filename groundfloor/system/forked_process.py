# SPDX-License-Identifier: Apache-2.0
"""A child process that is a copy of this one, with standard streams of its own.

It has imported what this process has, which a new interpreter would do again. It holds nothing else of this process:
no open file, no lock, no handler of a signal. Only Linux makes such copies here: Windows copies no process, and a Mac's
libraries bear none.
"""

import sys
from collections.abc import Callable
from typing import IO, BinaryIO

if sys.platform == "linux":
    import gc
    import os
    import select
    import signal
    import traceback
    import warnings
    from contextlib import suppress
    from pathlib import Path
    from subprocess import TimeoutExpired
    from typing import NoReturn, TextIO, cast

    from groundfloor.system.quiet_thread import AT_WORK, others_are_quiet
    from groundfloor.wall_clock import Deadline

    _BROKE = 1
    """Exit code of an interpreter whose program raises."""

    def can_be_forked() -> bool:
        """Tell whether a copy may go on: what another thread was about stays undone in it, and locked."""
        return others_are_quiet()

    class ForkedProcess:
        """A copy of this process that runs `program` and nothing else; `subprocess.Popen` as far as it goes.

        Args:
            program: what it runs; it returns the exit code.
            errors: the file that becomes its standard error.
            name: what `ps -o comm` and `top` show; 15 characters at most.

        Attributes:
            pid: its process id, and that of its group.
            stdin: what it reads.
            stdout: what it prints; its end is the end of the process.
            returncode: its exit code, negative for a signal; None as long as nobody has waited for it.
        """

        def __init__(self, program: Callable[[], int], errors: IO[bytes], name: str) -> None:
            theirs_in, ours_in = os.pipe()
            ours_out, theirs_out = os.pipe()
            try:
                self.pid = _forked(program, (theirs_in, theirs_out, errors.fileno()), name)
            finally:
                for descriptor in (theirs_in, theirs_out):
                    os.close(descriptor)
            with suppress(OSError):  # both do it, so that it is done before anybody sends a signal
                os.setpgid(self.pid, self.pid)
            self.stdin: BinaryIO = os.fdopen(ours_in, "wb", buffering=0)
            self.stdout: BinaryIO = os.fdopen(ours_out, "rb", buffering=0)
            self.returncode: int | None = None

        def wait(self, timeout: float | None = None) -> int:
            """Wait until it ends, and return its exit code.

            Raises:
                subprocess.TimeoutExpired: it goes on for longer than `timeout` seconds.
            """
            if self.returncode is None:
                if timeout is not None and not self._ends_within(Deadline(timeout)):
                    raise TimeoutExpired(f"process {self.pid}", timeout)
                _, status = os.waitpid(self.pid, 0)
                self.returncode = os.waitstatus_to_exitcode(status)
            return self.returncode

        def terminate(self) -> None:
            """Ask it to end."""
            self._signal(signal.SIGTERM)

        def kill(self) -> None:
            """End it."""
            self._signal(signal.SIGKILL)

        def _signal(self, number: int) -> None:
            if self.returncode is None:
                os.kill(self.pid, number)

        def _ends_within(self, deadline: Deadline) -> bool:
            """Wait for the end of what it prints; nobody reads any more what comes before that."""
            printed = select.poll()
            printed.register(self.stdout, select.POLLIN)
            while printed.poll(1000 * max(0.0, deadline.remaining_s())):
                if not self.stdout.read(1 << 16):
                    return True
            return False

    def _forked(program: Callable[[], int], streams: tuple[int, int, int], name: str) -> int:
        """Return the number of the copy; no handler of this process may run there, so no signal comes before it is."""
        with AT_WORK:
            before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            try:
                pid = os.fork()
                if not pid:
                    _run(program, streams, name, before)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return pid

    def _run(
        program: Callable[[], int], streams: tuple[int, int, int], name: str, signals: set[int | signal.Signals]
    ) -> NoReturn:
        code = _BROKE
        given = (sys.stdin, sys.stdout, sys.stderr)  # one that nobody held any more would write what it has kept back
        try:
            os.setpgid(0, 0)
            _let_go(streams)
            sys.stdin, sys.stdout, sys.stderr = (_stream(one, mode) for one, mode in enumerate("rww"))
            _forget_this_process(signals)
            with suppress(OSError):
                Path("/proc/self/comm").write_text(name, encoding="ascii")
            code = program()
            sys.stdout.flush()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else _BROKE
        except BaseException:  # noqa: BLE001  whatever it is, it is told, and never goes on as the process that it copies
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            del given
            os._exit(code)

    def _stream(descriptor: int, mode: str) -> TextIO:
        stream = os.fdopen(descriptor, mode, encoding="utf-8", errors="backslashreplace", closefd=False)
        return cast("TextIO", stream)

    def _let_go(streams: tuple[int, int, int]) -> None:
        """Take the streams for 0, 1 and 2, and have every other file lead nowhere.

        Closed, its number would be given anew, and what still holds the old one might close it.
        """
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        kept = [os.dup(one) for one in streams]
        for number, one in enumerate(kept):
            os.dup2(one, number)
        for number in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
            if number > 2 and number != null:
                with suppress(OSError):  # that of the list itself
                    os.fstat(number)
                    os.dup2(null, number, inheritable=False)

    def _forget_this_process(signals: set[int | signal.Signals]) -> None:
        sys.settrace(None)
        sys.setprofile(None)
        warnings.resetwarnings()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.set_wakeup_fd(-1)
        for number in signal.valid_signals():
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        gc.freeze()  # what is not ours is never looked through, nor copied for that

else:

    def can_be_forked() -> bool:
        """Tell that no copy may go on."""
        return False

    class ForkedProcess:
        """Is never made where `can_be_forked` is false.

        Raises:
            OSError: always.
        """

        pid: int
        stdin: BinaryIO
        stdout: BinaryIO
        returncode: int | None

        def __init__(self, program: Callable[[], int], errors: IO[bytes], name: str) -> None:
            del program, errors, name
            raise OSError("this system copies no process")

        def wait(self, timeout: float | None = None) -> int:
            """Wait until it ends."""
            del timeout
            raise OSError("this system copies no process")

        def terminate(self) -> None:
            """Ask it to end."""

        def kill(self) -> None:
            """End it."""
