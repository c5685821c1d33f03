# SPDX-License-Identifier: Apache-2.0
"""What a requirement's row says in words that go into another tool."""

from reports.summary import Summary
from reports.trace_record import CellRecord, RequirementRecord

SIMULATED = "SIMULATED"


def state_told(one: RequirementRecord) -> str:
    """Return the state of a requirement, with SIMULATED in front where any of its evidence comes from a twin."""
    return f"{SIMULATED} {one.state}" if any(cell.simulated for cell in one.cells) else str(one.state)


def results_told(one: RequirementRecord) -> tuple[str, ...]:
    """Return a sentence for each planned judgement of a requirement."""
    return tuple(_told(cell) for cell in one.cells)


def pump_told(summary: Summary) -> str:
    """Return which pump was tested, and with which firmware."""
    pump = summary.run.pump if summary.run is not None else None
    return f"{pump.model} {pump.serial_number}, firmware {pump.firmware_version}" if pump is not None else "no pump"


def _told(cell: CellRecord) -> str:
    why = f": {cell.reason}" if cell.reason else ""
    where = f" ({', '.join(cell.judgements)} of {cell.run})" if cell.judgements else ""
    return f"{cell.state} {cell.judgement} in {cell.test}{where}{why}"
