# SPDX-License-Identifier: Apache-2.0
"""Signals that people may send by hand: to pause or go on, and to stop a test. Windows has none, and needs none."""

import signal
import sys

if sys.platform == "win32":
    PAUSE_SIGNAL: signal.Signals | None = None
    STOP_TEST_SIGNAL: signal.Signals | None = None
else:
    PAUSE_SIGNAL: signal.Signals | None = signal.SIGUSR1
    STOP_TEST_SIGNAL: signal.Signals | None = signal.SIGUSR2
