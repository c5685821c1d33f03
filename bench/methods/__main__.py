# SPDX-License-Identifier: Apache-2.0
"""Writes down which code each method has, where the version of each that was changed was raised."""

import sys

from bench.methods.known_code import FILE, KnownCode
from groundfloor.errors import PlanError

if __name__ == "__main__":
    try:
        FILE.write_text(KnownCode.read().with_todays(), encoding="utf-8", newline="\n")
    except PlanError as wrong:
        sys.exit(str(wrong))
