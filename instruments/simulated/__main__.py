# SPDX-License-Identifier: Apache-2.0
"""`python -m instruments.simulated`: the twin as a process of its own."""

import sys

from instruments.simulated.twin.program import run
from instruments.simulated.twin.twin_options import TwinOptions

if __name__ == "__main__":
    told, sys.stdout = sys.stdout, sys.stderr  # what a plug-in prints must not stand among the addresses
    sys.exit(run(TwinOptions.parse(sys.argv[1:]), told=told))
