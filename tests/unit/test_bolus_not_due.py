# SPDX-License-Identifier: Apache-2.0
"""A pump that gave a bolus too many is right to refuse a later one: that refusal is no failure of its own."""

from pathlib import Path
from typing import Any, cast

from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.judging import Judging
from bench.infusion.marks import Marks
from bench.infusion.patient_boluses import PatientBoluses
from bench.infusion.pump_control import PumpControl
from bench.infusion.pump_time import PumpTime
from bench.infusion.resolution import Resolution
from bench.infusion.resumption import Resumption
from bench.infusion.sampling_session import SamplingSession
from bench.therapy import Continuous
from instruments.pump import Command, CommandResult
from tests.unit.imagined_weighing import PROFILE
from tests.unit.scripted_bench import RATE_UL_PER_H, scene

THERAPY = PROFILE.patient_bolus.on_top_of(Continuous(RATE_UL_PER_H))


def test_a_bolus_over_what_the_pump_gave_already_is_not_asked_for_and_decides_nothing(tmp_path: Path) -> None:
    with scene(tmp_path, THERAPY) as at:
        session, judging = SamplingSession(at.setting), Judging(at.setting.run)
        control, resumption = PumpControl(at.setting, judging), Resumption(at.setting, session)
        control.program()
        session.begin()
        control.start()
        time = PumpTime(at.setting, session, resumption)
        course = Course(at.setting, time, judging, Marks(at.setting, session), Resolution(at.setting, time))
        boluses = PatientBoluses(course, cast(Delivery, cast(Any, None)), control)
        given_s = time.device_clock_s()
        at.setting.schedule.boluses += [THERAPY.accepted(given_s) for _ in range(THERAPY.ptm_max_per_day)]
        at.bench.clock.at_s += THERAPY.ptm_lockout_s + 60.0
        boluses.request("given", CommandResult.ACCEPTED, cast(Any, None), "bolus 4")
        assert Command.PATIENT_BOLUS not in at.bench.pump.commands
        assert {name: verdict for name, verdict in at.verdicts.items() if name.startswith("bolus 4")} == {
            "bolus 4: answer": "INCONCLUSIVE",
            "bolus 4: log": "INCONCLUSIVE",
            "bolus 4: volume on top of the basal rate": "INCONCLUSIVE",
        }
        assert "a good one would answer daily_maximum" in at.setting.run.assessment.judgements[-1].reason
