# SPDX-License-Identifier: Apache-2.0
"""The full samples of an infusion as CSV: every sample, nothing left out, units in the header's names."""

from io import BytesIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

FORMULA = r"^[=+\-@\t\r]"
"""How a cell begins that spreadsheets compute instead of showing it."""


def as_csv(frame: pd.DataFrame) -> bytes:
    """Return `frame` (of `bench.journal.samples_frame`) as CSV.

    Lines end in a line feed, numbers have all their digits, a missing number is an empty field, several alarms are
    joined by ";". A word that a spreadsheet would take for a formula gets an apostrophe before it. The same frame gives
    the same bytes.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, _no_formula(table.column(place).cast(pa.string())))
    target = BytesIO()
    pa_csv.write_csv(table, target, pa_csv.WriteOptions(quoting_style="needed"))
    return target.getvalue()


def _no_formula(words: pa.ChunkedArray) -> pa.ChunkedArray:
    begins = pc.match_substring_regex(words, FORMULA)
    return pc.if_else(begins, pc.binary_join_element_wise("'", words, ""), words)
