# SPDX-License-Identifier: Apache-2.0
"""`python -m bench.safety.keeper`: started by the bench, which speaks to it on standard input."""

import os
import signal
import sys

from bench.safety.keeper.keeper import End, Keeper
from bench.safety.keeper.listener import Listener
from bench.safety.keeper.log import KeeperLog
from bench.safety.keeper.message import StartMessage
from bench.safety.keeper.rescue import Rescue
from groundfloor.system.end_requests import KEEPER_IGNORES

IGNORED = KEEPER_IGNORES
"""Whoever ends everything in sight must not end this first; it ends by itself soon after the bench does."""


def main() -> int:
    """Read the start message, say that all is ready, and keep the bench."""
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    listener = Listener(sys.stdin.fileno())
    first = listener.line()
    if first is None:
        return End.SIGNED_OFF  # the bench ended before anything was moved
    start_message = StartMessage.model_validate_json(first)
    keeper = Keeper(Rescue.of(start_message), listener, KeeperLog(start_message.log))
    os.write(sys.stdout.fileno(), b"ready\n")
    listener.answer_on(sys.stdout.fileno())
    return keeper.keep()


if __name__ == "__main__":
    sys.exit(main())
