# SPDX-License-Identifier: Apache-2.0
"""Makes the files of all infusions of a run, on every processor that there is.

The processes are forked when the run is over, so they have all that is drawn and get it by no copy. Where the system
cannot fork, or it would not pay, the files are made one after the other.
"""

import multiprocessing
import os
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from bench.profile import Profile
from reports.infusion_files import InfusionFiles, write_infusion_files
from reports.page.infusion_chart import InfusionChart

LEAST_SAMPLES = 10_000
"""From so many on a second process saves more than it costs."""


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
        if wanted < 2:
            return [self._write(place) for place in range(len(self._charts))]
        fork = multiprocessing.get_context("fork")
        # the second argument reaches the processes by the fork, not through a pipe
        with ProcessPoolExecutor(wanted, fork, initializer=_begin, initargs=(self,)) as pool:
            futures = [pool.submit(_write, place) for place in range(len(self._charts))]
            return [self._result(place, future) for place, future in enumerate(futures)]

    def _write(self, place: int) -> InfusionFiles:
        chart = self._charts[place]
        return write_infusion_files(self._run_folder, chart, self._profile, simulated=self._simulated)

    def _result(self, place: int, future: "Future[InfusionFiles]") -> InfusionFiles:
        try:
            return future.result()
        except BrokenProcessPool as died:
            return InfusionFiles(self._charts[place].name, missing=f"the process that draws it ended: {died}")

    def _processes(self) -> int:
        samples = sum(len(chart.t_s) for chart in self._charts)
        if sys.platform != "linux" or samples < LEAST_SAMPLES:
            return 1
        return min(len(os.sched_getaffinity(0)), len(self._charts))


_ours: list[InfusionsAtOnce] = []


def _begin(infusions: InfusionsAtOnce) -> None:
    _ours[:] = [infusions]


def _write(place: int) -> InfusionFiles:
    return _ours[0]._write(place)
