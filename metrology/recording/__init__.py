# SPDX-License-Identifier: Apache-2.0
"""Recordings of other benches: read, screened for what is no delivery, and analysed."""

from metrology.recording.analysis import Analysis, analyse
from metrology.recording.analysis_request import AnalysisRequest, Windows
from metrology.recording.column_choice import ColumnChoice
from metrology.recording.csv_recording import read_csv
from metrology.recording.recording import Recording
from metrology.recording.volume_band import VolumeBand
from metrology.recording.weighed_liquid import WeighedLiquid

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
]
