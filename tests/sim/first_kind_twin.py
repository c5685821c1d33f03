# SPDX-License-Identifier: Apache-2.0
"""A twin whose rig is one of the first kind: it serves `rig-1`, stops the pump once, and takes any token.

python tests/sim/first_kind_twin.py …        (options as for python -m instruments.simulated)
"""

import sys
from pathlib import Path

from instruments.register_map.map import RegisterMap
from instruments.simulated.rig import lease
from instruments.simulated.twin.program import run
from instruments.simulated.twin.twin_options import TwinOptions

FIRST_KIND_PROGRAM = (str(Path(__file__).resolve()), "--defect=rig_stops_once")


def be_of_the_first_kind() -> None:
    """Change the rig of this process before it is assembled."""
    named = RegisterMap.named
    RegisterMap.named = lambda name: named("rig-1" if name == "rig" else name)  # type: ignore[method-assign]
    lease.MOST_TOKEN_STEP = 2**32


if __name__ == "__main__":
    be_of_the_first_kind()
    sys.exit(run(TwinOptions.parse(sys.argv[1:])))
