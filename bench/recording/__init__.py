# SPDX-License-Identifier: Apache-2.0
"""Recordings of other benches: read, screened for what is no delivery, and analysed."""

from bench.recording.analysis import Analysis, analyse
from bench.recording.analysis_request import AnalysisRequest, Windows
from bench.recording.column_choice import ColumnChoice
from bench.recording.csv_recording import read_csv
from bench.recording.recording import Recording
from bench.recording.run_recording import read_run
from bench.recording.volume_band import VolumeBand
from bench.recording.weighed_liquid import WeighedLiquid

__all__ = [
    "Analysis",
    "AnalysisRequest",
    "ColumnChoice",
    "Recording",
    "VolumeBand",
    "WeighedLiquid",
    "Windows",
    "analyse",
    "read_csv",
    "read_run",
]
