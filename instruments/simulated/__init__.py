# SPDX-License-Identifier: Apache-2.0
"""The twins: simulated counterparts that speak the real wire protocols.

Nothing here imports from `bench`: the twin computes delivery by its own physics, so that an error in the bench's
mathematics cannot cancel against the same error in the twin.
"""
