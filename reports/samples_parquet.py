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

ROW_GROUP = 20_000
_WORD = pa.dictionary(pa.int32(), pa.string())
_TYPES = {Kind.NUMBER: pa.float64(), Kind.COUNT: pa.int64(), Kind.FLAG: pa.bool_(), Kind.WORD: _WORD, Kind.WORDS: _WORD}
_COLUMNS = [(name, _TYPES[kind]) for name, kind in SAMPLE_COLUMNS.items()]
SCHEMA = pa.schema([("node", _WORD), ("t_s", pa.float64()), *_COLUMNS])


def write(run_folder: Path) -> Path:
    """Write `samples.parquet` beside the journal: `node` (the test), `t_s` (actual bench time), `SAMPLE_COLUMNS`.

    Returns:
        The file's path. It appears only when it is complete.
    """
    target = run_folder / "samples.parquet"
    growing = target.with_suffix(".parquet.part")
    growing.unlink(missing_ok=True)  # whatever stands there, even a link: it is never written through
    with pq.ParquetWriter(growing, SCHEMA, compression="zstd") as writer:
        for node, columns in _groups(run_folder / "journal.jsonl"):
            frame = columns.frame()
            frame.insert(0, "node", node)
            writer.write_table(pa.Table.from_pandas(frame, schema=SCHEMA, preserve_index=False))
    return growing.replace(target)


def _groups(journal: Path) -> Iterator[tuple[str, SampleColumns]]:
    node, columns = "", SampleColumns()
    for line in read_lines(journal):
        if columns and (line.kind == "test-started" or len(columns) >= ROW_GROUP):
            yield node, columns
            columns = SampleColumns()
        if line.kind == "test-started":
            node = str(line.data.get("node", ""))
        elif line.kind == "sample":
            columns.append(line.t_s, line.data)
    if columns:
        yield node, columns
