# SPDX-License-Identifier: Apache-2.0
"""The physics of the twin: strokes, catheter, vessel, settling, densities; its own mathematics, none of the bench's."""
