# SPDX-License-Identifier: Apache-2.0
"""What a sample costs on its way into the journal: the ratio is held, for both ways take turns in one process."""

from functools import partial

from benchmarks.afresh import afresh
from benchmarks.figure import GATE
from benchmarks.journal_writing import MOST_OVER_UNTYPED, one_repeat


def test_a_sample_with_model_and_chain_costs_little_more_than_json_dumps() -> None:
    repeats = afresh(partial(one_repeat, samples=2000), 3)
    assert min(one.typed_s / one.untyped_s for one in repeats) <= GATE * MOST_OVER_UNTYPED
