# SPDX-License-Identifier: Apache-2.0
"""Work that a copy of this process does meanwhile, on another processor."""

import select
import sys
from collections.abc import Callable
from contextlib import ExitStack
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

from groundfloor.system.forked import processors_to_fork_on
from groundfloor.system.forked_process import ForkedProcess, can_be_forked
from groundfloor.wall_clock import Deadline

NAME = "pumpbench-share"
LIMIT_S = 1800.0
"""No share of a run's check takes so long: a copy that has not told all by then is ended."""
_READ_BYTES = 1 << 20


class ForkedWork:
    """A piece of work that returns bytes, begun at once in a copy of this process.

    What the copy does not tell to its end, because it broke, was killed, or could not be made, is done here when it is
    asked for: the result is the same, and an error comes as it would without a copy. At the end of the `with` block the
    copy is gone.

    Args:
        work: what is done; it changes nothing here, as a copy does it.
        worth_it: whether it takes longer than a copy costs; done here if not.
    """

    def __init__(self, work: Callable[[], bytes], *, worth_it: bool) -> None:
        self._work = work
        self._ends = ExitStack()
        self._copy: ForkedProcess | None = None
        if worth_it and processors_to_fork_on() > 1 and can_be_forked():
            with TemporaryFile() as errors:  # nobody reads them: what goes wrong there goes wrong here again
                self._copy = ForkedProcess(self._say, errors, NAME)
            self._ends.callback(_taken_away, self._copy)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._ends.close()

    def result(self) -> bytes:
        """Return what the work returns.

        Raises:
            Exception: what the work raises.
        """
        told = None if self._copy is None else _told_by(self._copy)
        return self._work() if told is None else told

    def _say(self) -> int:
        sys.stdout.buffer.write(self._work())
        return 0


def _told_by(copy: ForkedProcess) -> bytes | None:
    """Return what a copy told; None where it did not come to its end."""
    deadline, parts = Deadline(LIMIT_S), list[bytes]()
    while select.select([copy.stdout], [], [], deadline.remaining_s())[0]:
        if not (part := copy.stdout.read(_READ_BYTES)):
            return b"".join(parts) if copy.wait() == 0 else None
        parts.append(part)
    return None


def _taken_away(copy: ForkedProcess) -> None:
    copy.kill()
    copy.stdin.close()
    copy.stdout.close()
    copy.wait()
