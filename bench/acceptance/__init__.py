# SPDX-License-Identifier: Apache-2.0
"""Acceptance: what a test is going to judge, by which limits and for which requirement, told before it begins."""

from bench.acceptance.criterion import Criterion
from bench.acceptance.declaration import Declaration
from bench.acceptance.declarations import Declarations
from bench.acceptance.declared_limits import PERCENT, DeclaredLimits
from bench.acceptance.open_points import open_points
from bench.acceptance.standing import ALWAYS, OCCASIONAL, Standing
from bench.acceptance.unjudged import unjudged

__all__ = [
    "ALWAYS",
    "OCCASIONAL",
    "PERCENT",
    "Criterion",
    "Declaration",
    "Declarations",
    "DeclaredLimits",
    "Standing",
    "open_points",
    "unjudged",
]
