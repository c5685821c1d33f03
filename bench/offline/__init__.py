# SPDX-License-Identifier: Apache-2.0
"""A stored run gone through once more without a bench: the same code, fed with what the journal holds.

What a run did are activities, and a resumed run replays those of its unfinished test. Here all tests of a run that is
over are replayed so, on a bench on which nothing is there: each judgement is made anew, by the code that made it in the
run, from the samples, marks and answers of the journal, and is held against the recorded one.
"""

from bench.offline.as_found import AsFound
from bench.offline.made_again import MadeAgain
from bench.offline.not_recorded import NotRecorded
from bench.offline.offline_bench import offline_bench
from bench.offline.offline_run import OfflineRun
from bench.offline.stored_test import StoredTest

__all__ = ["AsFound", "MadeAgain", "NotRecorded", "OfflineRun", "StoredTest", "offline_bench"]
