# SPDX-License-Identifier: Apache-2.0
"""The requirements of a run with their results, in the formats that other tools of a lab read."""

from reports.export.lobster import lobster_activities, lobster_requirements
from reports.export.needs import needs
from reports.export.reqif_results import reqif_results

__all__ = ["lobster_activities", "lobster_requirements", "needs", "reqif_results"]
