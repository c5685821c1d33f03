# SPDX-License-Identifier: Apache-2.0
"""Trace: which requirement was shown by which judgement of which test, and which was not.

Requirements come from a baseline, evidence from runs; the matrix holds one against the other.
"""

from bench.trace.evidence import CitedRequirement, Execution, PlannedJudgement, RunEvidence, TestEvidence
from bench.trace.matrix import Cell, Matrix, RequirementRow, RiskControlRow
from bench.trace.requirement_state import RequirementState, worst_state
from bench.trace.requirements import Requirement, Requirements

__all__ = [
    "Cell",
    "CitedRequirement",
    "Execution",
    "Matrix",
    "PlannedJudgement",
    "Requirement",
    "RequirementRow",
    "RequirementState",
    "Requirements",
    "RiskControlRow",
    "RunEvidence",
    "TestEvidence",
    "worst_state",
]
