# SPDX-License-Identifier: Apache-2.0
"""What all tests share.

Property tests ask what is true, not how long a machine takes that does other work, too. A failure is told when it
happens: a suite that somebody ends lists none. No file of tests leaves a thread behind, as what a later one sees would
hang on which came before it; a campaign that starts a session beside its own twin has that twin's before.
"""

import gc
import threading
from collections.abc import Collection, Generator

import pytest
from hypothesis import HealthCheck, settings

from groundfloor.system.quiet_thread import QuietThread
from groundfloor.wall_clock import Deadline

LIMIT_S = 10.0
THERE_BEFORE = pytest.StashKey[frozenset[threading.Thread]]()
settings.register_profile("pumpbench", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pumpbench")


class FailuresAtOnce:
    """Tells the name of each test that fails when it does."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            message = getattr(getattr(report.longrepr, "reprcrash", None), "message", "")
            self._terminal.ensure_newline()
            self._terminal.write_line(f"failed ({report.when}): {report.nodeid}: {message[:300]}")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash[THERE_BEFORE] = frozenset(threading.enumerate())
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailuresAtOnce(terminal), "failures-at-once")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while what stays is collected, nor among it from then on: a third of a second for a look."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    yield
    if nextitem is None or nextitem.path != item.path:
        gc.collect()  # a thread that ends with whoever holds it
        left = threads_left(item.config.stash[THERE_BEFORE])
        assert not left, f"{item.path.name} leaves threads behind: {left}"


def threads_left(before: Collection[threading.Thread]) -> list[threading.Thread]:
    """Return the threads that are still there after a moment, but those that wait and work beside everything else.

    Args:
        before: were there when the session began.
    """
    limit, own = Deadline(LIMIT_S), threading.current_thread()
    others = [
        one
        for one in threading.enumerate()
        if one is not own and one not in before and not isinstance(one, QuietThread)
    ]
    for one in others:
        one.join(limit.remaining_s())
    return [one for one in others if one.is_alive()]
