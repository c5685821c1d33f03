# SPDX-License-Identifier: Apache-2.0
"""Plans that somebody has named behind `--`: they run in place of the whole plan, or beside chapters chosen by name."""

from collections.abc import Sequence

import pytest


class NamedPlans:
    """Lets pytest collect what was named, and the usual plan only where nothing was.

    Args:
        usual: what is collected where nothing is named; the first words of the command line.
        beside: keep it all the same, because chapters were chosen.
    """

    def __init__(self, usual: Sequence[str], *, beside: bool) -> None:
        self._usual = list(usual)
        self._beside = beside

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Take the usual plan out of what is collected; pytest has told options and places apart by now."""
        named = config.args[len(self._usual) :]
        if named and config.args[: len(self._usual)] == self._usual and not self._beside:
            config.args[:] = named
