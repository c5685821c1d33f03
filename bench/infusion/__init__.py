# SPDX-License-Identifier: Apache-2.0
"""An infusion: a pump that runs on its programme while the bench samples, watches and judges."""

from bench.infusion.infusion import DEFAULT_INTERVAL_S, Infusion

__all__ = ["DEFAULT_INTERVAL_S", "Infusion", "RunningSchedule"]
