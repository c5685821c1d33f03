# SPDX-License-Identifier: Apache-2.0
"""One attempt to make a bench safe whose own process is gone, over lines that are opened for it and closed again."""

from contextlib import closing

from bench.bench_file import BenchFile
from bench.devices import OpenDevices
from bench.safety.safe_actions import SafeActions, StepTaken
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import time_limit
from instruments.rig import Rig

READING_LIMIT_S = 5.0


class BenchTaken(Exception):
    """Somebody else holds the bench by now; nothing on it is the keeper's to move."""


class Rescue:
    """Makes the bench of a file safe; it may be tried again and again.

    Attributes:
        fencing_token: the highest that is known to be the bench's or the keeper's own.
    """

    def __init__(self, file: BenchFile, fencing_token: int) -> None:
        self.fencing_token = fencing_token
        self._file = file
        self._devices = OpenDevices(file)
        self._rig: Rig | None = None

    def attempt(self) -> tuple[StepTaken, ...]:
        """Take the steps that the bench file lists; an instrument is opened in the first step that needs it.

        Raises:
            BenchTaken: the rig has seen a higher fencing token than ours.
        """
        self._rig = None
        with closing(self._devices):
            self._check_who_holds_it()
            return SafeActions(self._devices.pump, self._our_rig).take(self._file.safe_state.step)

    def _check_who_holds_it(self) -> None:
        try:
            with time_limit(READING_LIMIT_S):
                self._our_rig()
        except BenchFault:
            return  # a rig that does not answer has let in nobody else either: the pump still has to be stopped

    def _our_rig(self) -> Rig:
        """Return the rig, unless it is somebody else's; only a rig that is newly opened can tell."""
        rig = self._devices.rig()
        if rig is not self._rig:
            highest = rig.fencing_token - 1
            if highest > self.fencing_token:
                raise BenchTaken(f"the rig has seen fencing token {highest}, the bench's was {self.fencing_token}")
            self.fencing_token = rig.fencing_token
            self._rig = rig
        return rig
