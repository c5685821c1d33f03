# SPDX-License-Identifier: Apache-2.0
"""The boluses of a recording one by one, for a terminal and for other programs."""

import numpy as np
from rich.console import Group
from rich.table import Table

from groundfloor.json_number import json_number
from metrology.recording.boluses import Boluses
from reports.terminal_text import terminal_text

HEADINGS = ("bolus", "begins / s", "volume / µL", "error / %", "takes / s", "late / µL")


def bolus_table(found: Boluses) -> Group:
    """Return a row for each bolus, and what they have in common below."""
    table = Table(*HEADINGS)
    for row in bolus_rows(found):
        table.add_row(*row)
    read_as = f"{found.recording.source}; read as: {found.recording.read_as}"
    return Group(
        terminal_text(read_as), table, *map(terminal_text, (*found.doubts, bolus_summary(found), *found.assumed))
    )


def bolus_rows(found: Boluses) -> tuple[tuple[str, ...], ...]:
    """Return a row of words for each bolus, below `HEADINGS`."""
    return tuple(
        (
            str(number),
            f"{bolus.begins_s:.6g}",
            str(bolus.volume),
            f"{error:+.2f}",
            "–" if bolus.takes_s is None else f"{bolus.takes_s:.4g}",
            "–" if bolus.late_ul is None else f"{bolus.late_ul:.3g}",
        )
        for number, (bolus, error) in enumerate(zip(found.boluses, found.errors_percent, strict=True), 1)
    )


def bolus_summary(found: Boluses) -> str:
    """Return how many boluses there are, and how far off."""
    errors = found.errors_percent
    told = f"{len(errors)} boluses of {found.nominal_ul:g} µL: mean error {np.mean(errors):+.2f} %"
    return f"{told}, least {np.min(errors):+.2f} %, greatest {np.max(errors):+.2f} %"


def bolus_json(found: Boluses) -> dict[str, object]:
    """Return them for JSON."""
    errors = found.errors_percent
    return {
        "file": found.recording.source,
        "read_as": found.recording.read_as,
        "in_doubt": list(found.doubts),
        "assumed": list(found.assumed),
        "nominal_volume_ul": found.nominal_ul,
        "basal_rate_ul_per_h": json_number(found.basal_ul_per_h),
        "mean_error_percent": float(np.mean(errors)),
        "least_error_percent": float(np.min(errors)),
        "greatest_error_percent": float(np.max(errors)),
        "boluses": [
            {
                "begins_s": bolus.begins_s,
                "volume": bolus.volume.as_dict(),
                "error_percent": float(error),
                "takes_s": None if bolus.takes_s is None else json_number(bolus.takes_s),
                "late_ul": None if bolus.late_ul is None else json_number(bolus.late_ul),
            }
            for bolus, error in zip(found.boluses, errors, strict=True)
        ],
    }
