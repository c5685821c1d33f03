# SPDX-License-Identifier: Apache-2.0
"""What a replay cannot go on without: something that the journal does not hold."""

from groundfloor.errors import BenchFault


class NotRecorded(BenchFault):
    """The journal does not tell what came of something; a bench would have to be asked, and there is none."""
