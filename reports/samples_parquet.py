# SPDX-License-Identifier: Apache-2.0
"""All samples of a run as one Parquet file, for analysis in pandas or anything else that reads Parquet.

The journal stays the record; this file can be made again from it at any time. It is written in row groups, so memory
does not grow with the run.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.journal import SAMPLE_COLUMNS, Kind, SampleColumns, read_lines
from bench.journal.lines import InfusionStarted, Sample, TestStarted

ROW_GROUP = 20_000
_WORD = pa.dictionary(pa.int32(), pa.string())
_TYPES = {Kind.NUMBER: pa.float64(), Kind.COUNT: pa.int64(), Kind.FLAG: pa.bool_(), Kind.WORD: _WORD, Kind.WORDS: _WORD}
_COLUMNS = [(name, _TYPES[kind]) for name, kind in SAMPLE_COLUMNS.items()]
_USED = frozenset({Sample.kind, InfusionStarted.kind, TestStarted.kind})
SCHEMA = pa.schema([("node", _WORD), ("t_s", pa.float64()), *_COLUMNS, ("infusion_id", _WORD)])


def write(run_folder: Path, target: Path | None = None) -> Path:
    """Write `samples.parquet` beside the journal: `node` (the test), `t_s` (actual bench time), `SAMPLE_COLUMNS`.

    `infusion` holds the infusion's name, `infusion_id` its id in the journal.

    Args:
        run_folder: of the run.
        target: where to write it instead.

    Returns:
        The file's path. It appears only when it is complete.
    """
    target = target or run_folder / "samples.parquet"
    growing = target.with_suffix(".parquet.part")
    growing.unlink(missing_ok=True)  # whatever stands there, even a link: it is never written through
    try:
        _write_groups(run_folder / "journal.jsonl", growing)
        return growing.replace(target)
    except BaseException:  # Ctrl-C too
        growing.unlink(missing_ok=True)
        raise


def _write_groups(journal: Path, growing: Path) -> None:
    with pq.ParquetWriter(growing, SCHEMA, compression="zstd") as writer:
        for node, names, columns in _groups(journal):
            frame = columns.frame()
            frame.insert(0, "node", node)
            frame["infusion_id"] = frame["infusion"]
            frame["infusion"] = frame["infusion"].astype(str).map(names).astype("category")
            writer.write_table(pa.Table.from_pandas(frame, schema=SCHEMA, preserve_index=False))


def _groups(journal: Path) -> Iterator[tuple[str, dict[str, str], SampleColumns]]:
    """Yield the test, the names of its infusions by their ids, and the next samples of it."""
    names: dict[str, str] = {}
    node, columns = "", SampleColumns()
    for line in read_lines(journal):
        if line.kind not in _USED:
            continue
        match line.body:
            case Sample() as sample:
                names.setdefault(sample.infusion, sample.infusion)
                columns.append(line.t_s, sample)
            case InfusionStarted(infusion=own, name=name):
                names[own] = name
            case TestStarted(node=begun):
                if columns:
                    yield node, names, columns
                node, columns = begun, SampleColumns()
        if len(columns) >= ROW_GROUP:
            yield node, names, columns
            columns = SampleColumns()
    if columns:
        yield node, names, columns
