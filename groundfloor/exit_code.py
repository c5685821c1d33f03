# SPDX-License-Identifier: Apache-2.0
"""What a command ends with: one number, told in one place."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Ends of a command; a crash of ours is `NOT_TESTED`, because 1 means that the product failed and nothing else.

    `INVALID` is 6, because pytest itself ends with 4 and 5 for a wrong option and for no tests.
    """

    PASSED = 0
    FAILED = 1
    WRONG_USE = 2
    NOT_TESTED = 3
    INVALID = 6
