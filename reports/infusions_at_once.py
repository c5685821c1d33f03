# SPDX-License-Identifier: Apache-2.0
"""Makes the files of all infusions of a run, on every processor that there is.

The processes are forked when the run is over, so they have all that is drawn and get it by no copy; what they made
comes back as JSON. Where the system cannot fork, or it would not pay, one process makes all.
"""

import os
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from bench.profile import Profile
from groundfloor.system.forked import fork, processors_to_fork_on
from reports.infusion_files import InfusionFiles, write_infusion_files
from reports.page.infusion_chart import InfusionChart

LEAST_SAMPLES = 10_000
"""From so many on a second process saves more than it costs."""

Made = dict[int, InfusionFiles]
"""What was made, by the place of the infusion."""


class InfusionsAtOnce:
    """The infusions of a run.

    Args:
        run_folder: the run.
        charts: its infusions.
        profile: of the pump; None where it is not known.
        simulated: whether a twin delivered.
    """

    def __init__(
        self, run_folder: Path, charts: Sequence[InfusionChart], profile: Profile | None, *, simulated: bool
    ) -> None:
        self._run_folder = run_folder
        self._charts = charts
        self._profile = profile
        self._simulated = simulated

    def write(self, processes: int | None = None) -> list[InfusionFiles]:
        """Write the files of each infusion, and return what there is, in the order of the charts.

        Args:
            processes: how many work at once; as many as it takes if None.
        """
        wanted = self._processes() if processes is None else processes
        shares = [range(first, len(self._charts), wanted) for first in range(wanted)]
        others = [self._begin(share) for share in shares[1:]]
        made = self._write(shares[0])
        for process, pipe in others:
            made |= _end(process, pipe)
        return [made.get(place) or self._missing(place) for place in range(len(self._charts))]

    def _begin(self, share: Sequence[int]) -> tuple[int, int]:
        """Begin a process that makes a share; return its id, and where what it made is read from."""
        reads, writes = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: none of ours is left
            process = fork()
        if process:
            os.close(writes)
            return process, reads
        try:
            with os.fdopen(writes, "wb") as pipe:
                pipe.write(msgspec.json.encode(self._write(share)))
        finally:
            os._exit(0)  # nothing of the run is ended here

    def _write(self, share: Iterable[int]) -> Made:
        folder, profile, simulated = self._run_folder, self._profile, self._simulated
        return {
            place: write_infusion_files(folder, self._charts[place], profile, simulated=simulated) for place in share
        }

    def _missing(self, place: int) -> InfusionFiles:
        return InfusionFiles(self._charts[place].name, missing="the process that draws it ended before it had")

    def _processes(self) -> int:
        samples = sum(len(chart.t_s) for chart in self._charts)
        if samples < LEAST_SAMPLES:
            return 1
        return min(processors_to_fork_on(), len(self._charts))


def _end(process: int, pipe: int) -> Made:
    """Return what a process made; nothing where it died."""
    with os.fdopen(pipe, "rb") as told:
        content = told.read()
    os.waitpid(process, 0)
    try:
        return msgspec.json.decode(content, type=Made)
    except msgspec.DecodeError:
        return {}
