# SPDX-License-Identifier: Apache-2.0
"""The writing end of a pipe to a process that may hang: nothing that is said waits for it."""

import os
import sys
from typing import IO

if sys.platform == "win32":
    from contextlib import suppress
    from queue import Full, Queue
    from threading import Thread

    class PipeSpeaker:
        """Writes to a pipe; Windows always waits for one, so a thread does.

        Args:
            pipe: of a child process.
        """

        MOST_WAITING = 100

        def __init__(self, pipe: IO[bytes]) -> None:
            self._pipe = pipe
            self._waiting: Queue[bytes | None] = Queue(self.MOST_WAITING)
            self._broken: OSError | None = None
            self._thread = Thread(target=self._write, daemon=True)
            self._thread.start()

        def say(self, line: bytes) -> bool:
            """Write a line; tell whether there was room for it.

            Raises:
                OSError: the other end is gone.
            """
            if self._broken is not None:
                raise self._broken
            try:
                self._waiting.put_nowait(line)
            except Full:
                return False
            return True

        def close(self) -> None:
            """Close the pipe behind what was said; one that hangs is let go by the end of this process."""
            with suppress(Full):
                self._waiting.put_nowait(None)
            self._thread.join(self.MOST_LAST_S)

        MOST_LAST_S = 1.0

        def _write(self) -> None:
            while (line := self._waiting.get()) is not None:
                try:
                    os.write(self._pipe.fileno(), line)
                except OSError as gone:
                    self._broken = gone
                    break
            self._pipe.close()

else:

    class PipeSpeaker:
        """Writes to a pipe.

        Args:
            pipe: of a child process.
        """

        def __init__(self, pipe: IO[bytes]) -> None:
            self._pipe = pipe
            os.set_blocking(pipe.fileno(), False)

        def say(self, line: bytes) -> bool:
            """Write a line; tell whether there was room for it.

            Raises:
                OSError: the other end is gone.
            """
            return os.write(self._pipe.fileno(), line) == len(line)

        def close(self) -> None:
            """Close the pipe."""
            self._pipe.close()
