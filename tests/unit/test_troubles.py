# SPDX-License-Identifier: Apache-2.0
"""What was raised in an infusion counts, whatever the plan made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.troubles import Troubles
from bench.journal import Result
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.inconclusive import Inconclusive
from tests.unit.scripted_bench import Scene, scene

DEAD = BenchFault("rig", "read", "no answer", "look at the wire")
LOST = PumpFailure("pump", "read alarm_log", "entry 0 is empty", "find out why")
FIRST_S, SECOND_S = 30.0, 60.0


@dataclass
class Table:
    scene: Scene
    session: SamplingSession
    judging: Judging
    troubles: Troubles

    def swallow(self, error: Exception) -> None:
        """Let an activity end with an error, and go on."""

        def act() -> Result:
            raise error

        with pytest.raises(type(error)):
            self.scene.setting.activities.do("waited", act)

    def judge(self, name: str, *, good: bool) -> str:
        return self.judging.judge_that(name, good, "so it was").verdict


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with scene(tmp_path) as at:
        session, judging = SamplingSession(at.setting), Judging(at.setting.run)
        session.begin()
        session.start()
        at.bench.scheduler.pass_until(SECOND_S)
        yield Table(at, session, judging, Troubles(at.setting, session, judging))


@pytest.mark.parametrize("error", [DEAD, Inconclusive("balance", "watch", "held")], ids=["fault", "inconclusive"])
def test_after_a_fault_of_the_bench_nothing_is_decided(table: Table, error: BenchFault) -> None:
    table.swallow(error)
    assert {table.judge("one", good=good) for good in (True, False)} == {"INCONCLUSIVE"}
    assert table.troubles.first_fault is not None
    assert (table.troubles.first_fault.error, table.troubles.first_fault.fine_until_s) == (error, FIRST_S)
    assert not table.judging.failed


def test_what_does_not_rest_on_it_is_decided_all_the_same(table: Table) -> None:
    table.swallow(DEAD)
    with table.judging.beyond_doubt():
        assert table.judge("before", good=False) == "FAIL"
    assert table.judge("after", good=False) == "INCONCLUSIVE"


def test_a_failure_of_the_pump_that_nobody_judged_is_judged_at_the_end(table: Table) -> None:
    table.swallow(LOST)
    assert table.troubles.unjudged_failure(LOST) is None  # it ends the test
    assert table.troubles.first_fault is None
    control = PumpControl(table.scene.setting, table.judging)
    control.judge_failure(table.troubles.unjudged_failure(None))
    assert table.judging.failed
    control.judge_failure(table.troubles.unjudged_failure(None))
    failed = [name for name, verdict in table.scene.verdicts.items() if verdict == "FAIL"]
    assert failed == ["basal: a failure of the pump, whatever the plan made of it"]


def test_what_is_forgotten_tells_nothing_of_a_later_infusion(table: Table) -> None:
    table.troubles.forget()
    table.swallow(DEAD)
    assert table.judge("later", good=True) == "PASS"
