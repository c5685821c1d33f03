# SPDX-License-Identifier: Apache-2.0
"""A pulled-out device of one test never becomes the device of another."""

import os

from tests.sim.reserved_pty import ReservedPty


def test_the_name_of_a_pulled_out_line_is_given_to_nobody_else() -> None:
    gone = ReservedPty()
    gone.pull_out()
    others = [os.openpty() for _ in range(3)]
    try:
        assert gone.name not in [os.ttyname(slave) for _, slave in others]
    finally:
        for file in (file for pair in others for file in pair):
            os.close(file)
