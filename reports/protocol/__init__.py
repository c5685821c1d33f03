# SPDX-License-Identifier: Apache-2.0
"""The verification protocol before it is run: what it says, as Markdown and as a page."""

from reports.protocol.planned_judgement import PlannedJudgement
from reports.protocol.planned_test import PlannedTest
from reports.protocol.protocol_html import protocol_html
from reports.protocol.protocol_markdown import protocol_markdown
from reports.protocol.verification_protocol import (
    PlannedChapter,
    PlannedRequirement,
    ProfileNumber,
    ResolvedRate,
    VerificationProtocol,
)

__all__ = [
    "PlannedChapter",
    "PlannedJudgement",
    "PlannedRequirement",
    "PlannedTest",
    "ProfileNumber",
    "ResolvedRate",
    "VerificationProtocol",
    "protocol_html",
    "protocol_markdown",
]
