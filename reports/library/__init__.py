# SPDX-License-Identifier: Apache-2.0
"""The runs of a folder: which there are, what rests on an instrument, and how two of them differ.

The run folders are the library; what is kept beside them is an index, made again whenever a folder is newer than it.
"""

from reports.library.affected import AffectedRun, affected_runs
from reports.library.comparison import Comparison, Pair, compared
from reports.library.run_brief import RunBrief
from reports.library.run_library import RunLibrary

__all__ = ["AffectedRun", "Comparison", "Pair", "RunBrief", "RunLibrary", "affected_runs", "compared"]
