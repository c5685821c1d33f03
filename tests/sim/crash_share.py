# SPDX-License-Identifier: Apache-2.0
"""Which of the crashes of the reference run one run of the suite makes: all of them cost minutes of two cores.

The hash of the bench's own code draws the share, as it draws one of the catalogue of defects: each change of the code
draws anew, and whoever has the code makes the same crashes again.
"""

SHARES = 20


def crash_share(code_sha256: str) -> str:
    """Return the share that the code draws, as `crashes_of` takes it."""
    return f"{int(code_sha256, 16) % SHARES + 1}/{SHARES}"
