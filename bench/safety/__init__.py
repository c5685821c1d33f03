# SPDX-License-Identifier: Apache-2.0
"""The safe state, and everything that sees to it that a bench is left in it however a process ends."""

from bench.safety.exit_guard import ExitGuard
from bench.safety.safe_state import SafeState

__all__ = ["ExitGuard", "SafeState"]
