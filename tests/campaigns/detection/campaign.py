# SPDX-License-Identifier: Apache-2.0
"""Makes the trials that are outstanding, some at once, and tells how far it has come."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from tempfile import TemporaryDirectory

from groundfloor.wall_clock import monotonic_s
from tests.campaigns.detection.kept_outcomes import KeptOutcomes
from tests.campaigns.detection.outcome import Outcome
from tests.campaigns.detection.parts import can_no_longer_pass
from tests.campaigns.detection.trial import Trial
from tests.campaigns.detection.trial_runs import TrialRuns
from tests.campaigns.detection.trials import surprise


def carry_out(
    trials: Sequence[Trial],
    results: Path,
    workers: int,
    tell: Callable[[str], None],
    surprises: Callable[[Trial, Outcome], str | None] = surprise,
    minutes: float = math.inf,
) -> list[Outcome]:
    """Make those of the trials that this code has not made yet; return the outcomes of all of them.

    Args:
        trials: what is to be made.
        results: the file of lines; folders of surprising runs are kept beside it.
        workers: how many runs at once.
        tell: takes a line for a person.
        surprises: tells why an outcome must not be.
        minutes: no run is begun after so many.
    """
    kept = KeptOutcomes(results)
    results.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="detection-") as scratch:
        runs = TrialRuns(Path(scratch), surprises, results.with_suffix(".surprises"))
        outstanding = kept.outstanding(trials, runs.code)
        tell(f"{len(trials) - len(outstanding)} of {len(trials)} trials are made, {len(outstanding)} to come")
        begun_s = monotonic_s()

        def made(trial: Trial) -> Outcome | None:
            late = monotonic_s() - begun_s > 60.0 * minutes
            return None if late or can_no_longer_pass(trial, kept.all_by(runs.code)) else runs.make(trial)

        with ThreadPoolExecutor(workers) as pool:
            futures = {pool.submit(made, trial): trial for trial in outstanding}
            try:
                for number, future in enumerate(as_completed(futures), start=1):
                    outcome, trial = future.result(), futures[future]
                    if outcome is None:
                        continue
                    kept.append(outcome)
                    left_min = (monotonic_s() - begun_s) / number * (len(outstanding) - number) / 60.0
                    told = _line(outcome, surprises(trial, outcome))
                    tell(f"[{number}/{len(outstanding)}, {left_min:.0f} min left] {told}")
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                runs.stop()
                raise
    return kept.of(trials)


def _line(outcome: Outcome, why: str | None) -> str:
    ends = f"{outcome.verdict} {' '.join(outcome.reddened)}".strip()
    where = f" in {outcome.chapter}" if outcome.chapter else ""
    told = f"{outcome.group} {outcome.name}{where}: {ends} ({outcome.cpu_s:.0f} s of a core)"
    return f"{told}  SURPRISE: {why}" if why else told
