# SPDX-License-Identifier: Apache-2.0
"""A run: its start, its end, and how it goes on after its process died."""

from bench.run.assessment import Assessment
from bench.run.begun_here import forget_begun, note_begun, refuse_unknown_run
from bench.run.chapter_journals import join_left_chapters, left_chapters
from bench.run.code_of_plan import code_of_plans
from bench.run.own_code import own_code_sha256
from bench.run.plan_file import SHIPPED, plan_file, shipped_plan_id
from bench.run.plug_in_code import plug_in_code
from bench.run.reconciliation import Unreconciled, unreconciled
from bench.run.refused_starts import note_refusal, refusals_noted
from bench.run.run import Run
from bench.run.run_evidence import collected_of, kept_requirements, read_run_evidence, run_evidence
from bench.run.run_inputs import (
    input_hash,
    input_hashes,
    kept_plan,
    recorded_hashes,
    refuse_changed_inputs,
    refuse_foreign_run,
    refuse_other_plans,
    refuse_other_plug_ins,
    refuse_unbound_inputs,
    register_map_file,
)
from bench.run.run_recovery import Recovery, recover_runs
from bench.run.unfinished_run import UnfinishedRun

__all__ = [
    "SHIPPED",
    "Assessment",
    "Recovery",
    "Run",
    "UnfinishedRun",
    "Unreconciled",
    "code_of_plans",
    "collected_of",
    "forget_begun",
    "input_hash",
    "input_hashes",
    "join_left_chapters",
    "kept_plan",
    "kept_requirements",
    "left_chapters",
    "note_begun",
    "note_refusal",
    "own_code_sha256",
    "plan_file",
    "plug_in_code",
    "read_run_evidence",
    "recorded_hashes",
    "recover_runs",
    "refusals_noted",
    "refuse_changed_inputs",
    "refuse_foreign_run",
    "refuse_other_plans",
    "refuse_other_plug_ins",
    "refuse_unbound_inputs",
    "refuse_unknown_run",
    "register_map_file",
    "run_evidence",
    "shipped_plan_id",
    "unreconciled",
]
