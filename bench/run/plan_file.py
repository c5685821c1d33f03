# SPDX-License-Identifier: Apache-2.0
"""Where the plan of a test is, by the file part of its node id.

Ids are told from the root of a session. A chapter that comes with pumpbench stands elsewhere when a lab's own project
is that root: its id then begins with a word of its own, so that no record holds the folder of an installation.
"""

from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "test_plans"
SHIPPED_PLANS = "pumpbench-plans"
"""Stands for the folder of the shipped chapters in an id."""


def plan_file(root: Path, plan: str) -> Path:
    """Return the file of a plan.

    Args:
        root: the folder that ids are told from.
        plan: what stands in an id before the first `::`.
    """
    first, _, rest = plan.partition("/")
    return SHIPPED / rest if first == SHIPPED_PLANS else root / plan


def shipped_plan_id(path: Path) -> str:
    """Return the file part of the id of a shipped chapter in a session that is a lab's own."""
    return f"{SHIPPED_PLANS}/{path.relative_to(SHIPPED).as_posix()}"
