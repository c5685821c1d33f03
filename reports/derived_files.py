# SPDX-License-Identifier: Apache-2.0
"""What a run folder holds beside its record: files made from the journal, held against what it gives.

Each of them can be made again at any time. One that says something else than the journal was changed after the run, and
whoever looks at it would be told what was never shown.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.journal import SampleColumns, read_lines
from bench.journal.lines import Sample
from bench.run_folder import JOURNAL, SUMMARY
from groundfloor.file_in_folder import remove_from_folder, write_in_folder
from groundfloor.regular_file import read_regular
from reports import infusion_files, samples_parquet
from reports.allure_statuses import allure_differences
from reports.samples_csv import as_csv
from reports.summary import VERSION, Summary

MOST_BYTES = 1 << 28

SAMPLES = "samples.parquet"
MAJOR = VERSION.partition(".")[0]


@dataclass(frozen=True)
class Difference:
    """A file that does not say what the journal gives.

    Attributes:
        file: its path in the run folder.
        seen: what is wrong with it, in a sentence.
    """

    file: str
    seen: str

    def __str__(self) -> str:
        return f"{self.file} {self.seen}"


def differences(run_folder: Path, summary: Summary) -> tuple[Difference, ...]:
    """Return the derived files that are there and say something else than the journal.

    Args:
        run_folder: of a run that is over.
        summary: made from its journal now.
    """
    found = [Difference(SUMMARY, seen) for seen in _summary(run_folder / SUMMARY, summary)]
    found += [Difference(SAMPLES, seen) for seen in _samples(run_folder)]
    found += [
        Difference(file, "is of no infusion" if made is None else "holds other samples")
        for file, made in _tables(run_folder)
        if made is None or made != _content(run_folder / file)
    ]
    return (*found, *(Difference(file, seen) for file, seen in allure_differences(run_folder, summary)))


def _content(path: Path) -> bytes | None:
    """Return what a file holds; None where it is none of ours: a pipe, or longer than any table."""
    try:
        return read_regular(path, MOST_BYTES)
    except OSError:
        return None


def rebuild_tables(run_folder: Path) -> None:
    """Write the table of each infusion that is there anew; one of no infusion goes.

    Raises:
        OSError: the folder cannot be written.
        BenchFault: it leads out of the run folder.
    """
    for file, made in _tables(run_folder):
        if made is None:
            remove_from_folder(run_folder, file)
        else:
            write_in_folder(run_folder, file, made)


def _tables(run_folder: Path) -> Iterator[tuple[str, bytes | None]]:
    """Yield each table of one infusion's samples by its path in the run folder, and what it has to hold."""
    files = sorted((run_folder / infusion_files.SAMPLES).glob("*.csv"))
    if not files:
        return
    columns: dict[str, SampleColumns] = {}
    for line in read_lines(run_folder / JOURNAL):
        if isinstance(sample := line.body if line.kind == Sample.kind else None, Sample):
            columns.setdefault(sample.infusion, SampleColumns()).append(line.t_s, sample)
    for path in files:
        own = columns.get(path.stem)
        yield f"{infusion_files.SAMPLES}/{path.name}", None if own is None else as_csv(own.frame())


def _summary(path: Path, summary: Summary) -> Iterator[str]:
    if not path.is_file():
        return
    try:
        there = json.loads(read_regular(path, MOST_BYTES))
    except (OSError, ValueError, RecursionError) as odd:
        yield f"is no JSON: {odd}"
        return
    made = json.loads(summary.to_json().encode("utf-8", "replace"))
    if not isinstance(there, dict):
        yield "is no summary"
        return
    there = _of_now(there, made)
    if not there:
        yield "is no summary of its version"
    elif "version" in there or there.keys() - made.keys():
        changed = sorted(key for key in there.keys() | made.keys() if there.get(key) != made.get(key))
        if changed:
            yield f"says something else in {', '.join(changed)}"
    else:  # written before there were versions: what it has must be so, and it has less
        changed = sorted(key for key in there.keys() - {"tests"} if there[key] != made[key])
        if changed or _verdicts(there) != _verdicts(made):
            yield f"says something else in {', '.join(changed) or 'tests'}"


def _of_now(there: dict[str, object], made: Mapping[str, object]) -> dict[str, object]:
    """Return a summary that an older minor version wrote as this one writes it; empty if it does not fit its models."""
    major, _, minor = str(there.get("version", "")).partition(".")
    if (major, minor.isdecimal()) != (MAJOR, True) or int(minor) >= int(VERSION.partition(".")[2]):
        return there
    if there.keys() - made.keys():
        return there
    try:
        written = Summary.model_validate({**there, "version": VERSION})
    except ValueError:
        return {}
    return dict(json.loads(written.to_json().encode("utf-8", "replace")))


def _verdicts(summary: dict[str, object]) -> list[tuple[object, object]]:
    tests = summary.get("tests")
    return (
        [(one.get("node"), one.get("verdict")) for one in tests if isinstance(one, dict)]
        if isinstance(tests, list)
        else []
    )


def _samples(run_folder: Path) -> Iterator[str]:
    path = run_folder / SAMPLES
    if not path.is_file():
        return
    with tempfile.TemporaryDirectory() as folder:
        made = samples_parquet.write(run_folder, Path(folder) / SAMPLES)
        if path.stat().st_size == made.stat().st_size and path.read_bytes() == made.read_bytes():
            return
        try:
            same = _same_samples(path, made)
        except (OSError, pa.ArrowException, ValueError) as odd:
            yield f"cannot be read: {odd}"
            return
    if not same:
        yield "holds other samples"


def _same_samples(path: Path, made: Path) -> bool:
    """Compare row group by row group: a long run does not fit into memory twice."""
    with pq.ParquetFile(path) as one, pq.ParquetFile(made) as other:
        if one.num_row_groups != other.num_row_groups or one.schema_arrow != other.schema_arrow:
            return False
        return all(
            one.read_row_group(number).to_pandas().equals(other.read_row_group(number).to_pandas())
            for number in range(other.num_row_groups)
        )
