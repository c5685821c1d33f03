# SPDX-License-Identifier: Apache-2.0
"""The whole bundle: made with an index, installed without one, and a chapter run from it with its Allure report."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LIMIT_S = 1800.0
NOWHERE = "http://127.0.0.1:9"


@pytest.mark.soak
def test_a_computer_without_a_network_installs_from_it_and_runs_a_chapter(tmp_path: Path) -> None:
    def ran(*words: str, **environment: str) -> str:
        ended = subprocess.run(
            words, cwd=tmp_path, env={**os.environ, **environment}, capture_output=True, text=True, timeout=LIMIT_S
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    ran(sys.executable, "-m", "pumpbench", "bundle", "bundle")
    alone = {
        "PIP_INDEX_URL": NOWHERE,
        "npm_config_registry": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
        "PUMPBENCH_ALLURE_HOME": str(tmp_path / "generator"),
        "PUMPBENCH_STATE": str(tmp_path / "state"),
    }
    ran(sys.executable, "bundle/install.py", "--into", "env", **alone)
    printed = ran(str(tmp_path / "env" / "bin" / "pumpbench"), "run", "simulated", "--chapter", "quiet", **alone)
    assert "PASS: 1 PASS" in printed
    assert len([*tmp_path.glob("runs/*/report/index.html")]) == 1
