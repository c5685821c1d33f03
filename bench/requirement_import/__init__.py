# SPDX-License-Identifier: Apache-2.0
"""Requirements from the tools in which makers keep them: ReqIF and CSV become a baseline that the bench reads.

What cannot be read is told and left out, never guessed; what is read keeps its number.
"""

from bench.requirement_import.columns import Columns
from bench.requirement_import.csv_file import read_csv
from bench.requirement_import.imported import Imported, Row
from bench.requirement_import.reqif_file import read_reqif

__all__ = ["Columns", "Imported", "Row", "read_csv", "read_reqif"]
