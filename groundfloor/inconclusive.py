# SPDX-License-Identifier: Apache-2.0
"""Evidence that does not decide: neither the pump nor a broken rig is to blame."""

from groundfloor.errors import BenchFault


class Inconclusive(BenchFault):
    """What was measured does not decide the question; the verdict is INCONCLUSIVE. Measure longer or better."""
