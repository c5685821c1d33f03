# SPDX-License-Identifier: Apache-2.0
"""What a command ends with: one number, told in one place."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Ends of a command; a crash of ours is `NOT_TESTED`, because 1 means that the product failed and nothing else."""

    PASSED = 0
    FAILED = 1
    WRONG_USE = 2
    NOT_TESTED = 3
