# SPDX-License-Identifier: Apache-2.0
"""A stored run judged once more: with today's code, by another profile, or by another rule."""

from reports.replay.declared_limits import Declarations, DeclaredLimits
from reports.replay.replay import Replay, ReplayedJudgement, replayed

__all__ = ["Declarations", "DeclaredLimits", "Replay", "ReplayedJudgement", "replayed"]
