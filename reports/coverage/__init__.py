# SPDX-License-Identifier: Apache-2.0
"""What the chapters cover: requirements, defects met in the field, parts of the system, public sets."""

from reports.coverage.coverage import Coverage
from reports.coverage.coverage_text import coverage_text

__all__ = ["Coverage", "coverage_text"]
