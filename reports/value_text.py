# SPDX-License-Identifier: Apache-2.0
"""A measured value in one line."""

from reports.entry import MeasuredValue


def value_text(value: MeasuredValue) -> str:
    """Return a measured value in one line: name, value ± U, unit and limits."""
    if value.value is None:
        return value.name
    plus_minus = f" ± {value.expanded_uncertainty:.3g}" if value.expanded_uncertainty is not None else ""
    unit = f" {value.unit}" if value.unit else ""
    return f"{value.name}: {value.value:.5g}{plus_minus}{unit}{_limits_text(value)}"


def _limits_text(value: MeasuredValue) -> str:
    if value.lower is not None and value.upper is not None:
        return f" [{value.lower:.5g} … {value.upper:.5g}]"
    if value.lower is not None:
        return f" [≥ {value.lower:.5g}]"
    return f" [≤ {value.upper:.5g}]" if value.upper is not None else ""
