# SPDX-License-Identifier: Apache-2.0
"""What every check of the bench can do."""

from typing import Protocol

from bench.bench_file import CheckName
from bench.preflight.check_finding import CheckFinding
from metrology.verdict import Limits


class Check(Protocol):
    """One check; it may fail with a `BenchFault`, which blocks as a finding does.

    Attributes:
        name: how a bench file switches it off.
        limits: what its value is held against; None where it finds no figure.
    """

    @property
    def name(self) -> CheckName:
        """Return which check it is."""
        ...

    @property
    def limits(self) -> Limits | None:
        """Return what the value is held against."""
        ...

    def run(self) -> CheckFinding:
        """Look.

        Raises:
            BenchFault: an instrument does not let itself be looked at.
        """
        ...
