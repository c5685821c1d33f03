# SPDX-License-Identifier: Apache-2.0
"""The physics of the twin: strokes, catheter, vessel, settling, densities; its own mathematics, none of the bench's.

Between two events nothing changes but what a `Regime` says in closed form, so the state at any instant is computed, not
stepped to: cost per request, not per tick.
"""
