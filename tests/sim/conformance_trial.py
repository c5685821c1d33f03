# SPDX-License-Identifier: Apache-2.0
"""A twin to try the rules of *Build a rig* on, and what became of them in short."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench.bench_file import BenchFile
from bench.conformance import Outcome, RuleFinding
from bench.simulated_bench import simulated_bench
from instruments.simulated.twin.twin_child import PROGRAM
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.warm_twin import WarmTwin

SCALED, STEPPED_ONLY, EMPTY = "R-35", {"R-36", "R-37", "R-38"}, "R-83"


@contextmanager
def twin(options: TwinOptions | None = None, program: Sequence[str] = PROGRAM) -> Iterator[BenchFile]:
    with WarmTwin(options or TwinOptions(), program) as addresses:
        yield simulated_bench(addresses)


def not_ok(findings: Sequence[RuleFinding]) -> dict[str, str]:
    return {
        finding.rule.number: f"{finding.outcome}: {finding.seen}"
        for finding in findings
        if finding.outcome is not Outcome.OK
    }


def differing(findings: Sequence[RuleFinding]) -> list[str]:
    return [finding.rule.number for finding in findings if finding.outcome is Outcome.DIFFERS]
