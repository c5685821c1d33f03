# SPDX-License-Identifier: Apache-2.0
"""The one outcome of a write that is neither done nor refused, whatever wire it was sent over."""

from groundfloor.errors import BenchFault


class WriteUnknown(BenchFault):
    """A write was sent and not confirmed: it may have been carried out, or may yet be. Read back."""
