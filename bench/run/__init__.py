# SPDX-License-Identifier: Apache-2.0
"""A run: its start, its end, and how it goes on after its process died."""

from bench.run.assessment import Assessment
from bench.run.refused_starts import note_refusal, refusals_noted
from bench.run.run import Run
from bench.run.run_recovery import Recovery, recover_runs
from bench.run.unfinished_run import BENCH_OPENED, UnfinishedRun

__all__ = [
    "BENCH_OPENED",
    "Assessment",
    "Recovery",
    "Run",
    "UnfinishedRun",
    "note_refusal",
    "recover_runs",
    "refusals_noted",
]
