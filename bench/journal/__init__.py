# SPDX-License-Identifier: Apache-2.0
"""The journal: all that a run does and sees, one line each, chained by hashes and never changed.

It is readable while it is written, it outlives the process that wrote it, and a second folder takes it over when the
first one fails. `activities` are what a test does, each with its result, so that a resumed run can be told its past.
"""

from bench.journal.activities import Activities, Result
from bench.journal.journal import Journal, JournalLost
from bench.journal.journal_check import JournalCheck, check_journal
from bench.journal.journal_continuation import CONTINUED
from bench.journal.journal_fallback import fallback_folders, make_private
from bench.journal.journal_follower import JournalFollower
from bench.journal.journal_format import FORMAT, WHOLE_RECORDS, JournalFormat
from bench.journal.journal_join import Joined, JournalJoin
from bench.journal.journal_line import Entry, JournalLine
from bench.journal.journal_parts import LONGEST_LINE_BYTES, journal_parts
from bench.journal.journal_reader import parse_line, read_lines, samples_frame
from bench.journal.journal_size import SamplesToCome, predicted_bytes, refuse_if_no_room
from bench.journal.journal_tail import JournalTail
from bench.journal.sample_columns import SAMPLE_COLUMNS, Kind, SampleColumns
from bench.journal.unwritten_activities import UnwrittenActivities

__all__ = [
    "CONTINUED",
    "FORMAT",
    "LONGEST_LINE_BYTES",
    "SAMPLE_COLUMNS",
    "WHOLE_RECORDS",
    "Activities",
    "Entry",
    "Joined",
    "Journal",
    "JournalCheck",
    "JournalFollower",
    "JournalFormat",
    "JournalJoin",
    "JournalLine",
    "JournalLost",
    "JournalTail",
    "Kind",
    "Result",
    "SampleColumns",
    "SamplesToCome",
    "UnwrittenActivities",
    "check_journal",
    "fallback_folders",
    "journal_parts",
    "make_private",
    "parse_line",
    "predicted_bytes",
    "read_lines",
    "refuse_if_no_room",
    "samples_frame",
]
