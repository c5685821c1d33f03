# SPDX-License-Identifier: Apache-2.0
"""The markers that chapters use."""

import pytest

verifies = pytest.mark.verifies
"""The requirements that a test verifies, by their ids in `requirements.toml`."""

only_with = pytest.mark.only_with
"""Leaves a test out for pumps that lack a feature: `catheter_sensor` or `no_catheter_sensor`."""

at_three_rates = pytest.mark.parametrize("rate", ["low", "intermediate", "high"])
"""Runs a test at the profile's low, intermediate and high rate."""

MINUTE_S = 60.0
HOUR_S = 3600.0
DAY_S = 86400.0
