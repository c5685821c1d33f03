# SPDX-License-Identifier: Apache-2.0
"""What all property tests share: they ask what is true, not how long a machine takes that does other work, too."""

from hypothesis import HealthCheck, settings

settings.register_profile("pumpbench", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pumpbench")
