# SPDX-License-Identifier: Apache-2.0
"""All code of a lab's own that decides what a run measures: of its project, of distributions, of its bench file."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.bench_file import BenchFile
from groundfloor.plug_ins import OF_BENCH_FILE, Kind, Offer, code_of_distributions, files_of_project, together
from instruments.drivers.named import is_place


def plug_in_code(file: BenchFile, *, of_project: bool = True) -> Mapping[str, Path]:
    """Return the files, by what a record calls them; none of them is run for that.

    Args:
        file: the bench, which may name the place of a driver.
        of_project: whether the present project counts; a run of the shipped plan has none.

    Raises:
        PlanError: the project file is wrong.
    """
    return {
        **code_of_distributions(),
        **(files_of_project() if of_project else {}),
        **together(_of_bench_file(file)),
    }


def _of_bench_file(file: BenchFile) -> Iterator[Offer]:
    for kind, driver in ((Kind.PUMP, file.pump.driver), (Kind.RIG, file.rig.driver)):
        if is_place(driver):
            yield Offer(kind, "of-the-bench-file", driver, OF_BENCH_FILE, Path())
