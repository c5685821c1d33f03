# SPDX-License-Identifier: Apache-2.0
"""The markers that chapters use."""

import pytest

judges = pytest.mark.judges
"""Declares one judgement of a test: its requirement by the id in `requirements.toml`, its name, and its criterion.

    @judges("CAT-003", "unintended bolus", unintended_bolus)

The requirement may be several ids, or a table from the test's rate to an id. `times` says how often it is judged, None
for once or more. What every infusion judges needs no line; the baseline binds it to its requirements in `[standing]`.
"""

only_with = pytest.mark.only_with
"""Leaves a test out for pumps that lack a feature, or one of several: a therapy mode, `catheter_sensor` and others."""

depends_on = pytest.mark.depends_on
"""Names the promises of a profile that set a test apart from size to size: `@depends_on("reservoir_ul")`.

For a pump that differs from a tested one in nothing but promises that some test names, `--only-what-differs` repeats
the tests that name them and leaves out the others, with the reason in the record. A pump that differs in anything else
is tested whole.
"""

only_when_asked_for = pytest.mark.only_when_asked_for
"""Leaves a test out unless its chapter is chosen by name, because it takes weeks of a bench."""

at_three_rates = pytest.mark.parametrize("rate", ["low", "intermediate", "high"])
"""Runs a test at the profile's low, intermediate and high rate."""

MINUTE_S = 60.0
HOUR_S = 3600.0
DAY_S = 86400.0
