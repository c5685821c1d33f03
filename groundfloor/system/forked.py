# SPDX-License-Identifier: Apache-2.0
"""Copies of a process that go on by themselves; Windows has none."""

import os
import sys

if sys.platform == "linux":

    def processors_to_fork_on() -> int:
        """Return on how many processors copies of this process may work; elsewhere than on Linux they are not tried."""
        return len(os.sched_getaffinity(0))

else:

    def processors_to_fork_on() -> int:
        """Return on how many processors copies of this process may work: on its own, as a Mac's libraries bear none."""
        return 1


if sys.platform == "win32":
    CAN_FORK = False

    def fork() -> int:
        """Refuse: nobody asks for it where `CAN_FORK` is false.

        Raises:
            OSError: always.
        """
        raise OSError("Windows copies no process")

    def never_wait(descriptor: int) -> None:
        """Do nothing: the pipe is for copies of this process, and there are none."""

    def part_from_group(pid: int) -> None:
        """Do nothing: there are no groups."""

else:
    CAN_FORK = True

    def fork() -> int:
        """Copy this process; return 0 in the copy, and the copy's number here."""
        return os.fork()

    def never_wait(descriptor: int) -> None:
        """Have a pipe that copies share refuse a read that would wait."""
        os.set_blocking(descriptor, False)

    def part_from_group(pid: int) -> None:
        """Give a process a group of its own, so that signals to the present one do not reach it; 0 is this process.

        Raises:
            OSError: it has ended.
        """
        os.setpgid(pid, pid)
