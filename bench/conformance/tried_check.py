# SPDX-License-Identifier: Apache-2.0
"""One question to a plug-in that has no wire, asked: whatever its code raises becomes what was seen."""

from collections.abc import Callable

from bench.conformance.drivers.driver_trial import DriverFinding, DriverTrial
from bench.conformance.outcome import Differs, NotTried, Outcome
from groundfloor.errors import BenchFault, PlanError


def tried_check(number: str, text: str, check: Callable[[], str]) -> DriverFinding:
    """Ask, and return what became of it.

    Args:
        number: of the rule, such as `T-2`.
        text: what it says.
        check: finds out, and returns what was seen; raises Differs or NotTried.
    """
    rule = DriverTrial(number, text, lambda _: check())
    try:
        return DriverFinding(rule, Outcome.OK, check())
    except Differs as seen:
        return DriverFinding(rule, Outcome.DIFFERS, str(seen))
    except NotTried as why:
        return DriverFinding(rule, Outcome.NOT_TRIED, str(why))
    except (BenchFault, PlanError) as fault:
        return DriverFinding(rule, Outcome.DIFFERS, fault.finding)
    except (Exception, SystemExit) as raised:  # noqa: BLE001  # it is code of somebody else
        return DriverFinding(rule, Outcome.DIFFERS, f"it raised {type(raised).__name__}: {raised}")
