# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C while the command is loaded, which takes a second or, on a busy machine, ten."""

import subprocess
import sys

INTERRUPTED_IN_AN_IMPORT = """
import sys
class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == "cli.run":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupts())
sys.argv = ["pumpbench", "run", "simulated"]
from pumpbench import main
main()
"""


def test_ctrl_c_while_the_command_is_loaded_is_one_sentence_and_no_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_IN_AN_IMPORT], capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert done.stderr == "Interrupted while the command was loaded: nothing was opened, and nothing was written.\n"
