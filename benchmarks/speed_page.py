# SPDX-License-Identifier: Apache-2.0
"""The page `docs/speed.md`: what is measured and how, and the table of the latest run."""

from collections.abc import Iterable

from benchmarks.figure import Figure
from benchmarks.table import markdown_table

_HEAD = """# Speed

Written by `tox -e bench -- --write docs/speed.md`, in some six minutes of a quiet machine. `--only NAME` measures
`sample`, `day`, `twin`, `month`, `reading`, `writing`, `peer`, `trumpet`, `memory`, `sim`, `workers`, `speed`. `--gate`
fails only where a target is missed by more than a quarter; the suite holds the ratio of a sample to that in each of its
runs. Absolute times belong to the machine of the run below; the ratios carry over.

"""

_HOW = """
## How it is measured

- **A sample** is one turn of the loop that runs during an infusion: heartbeat, the pump's snapshot, the rig's feedback,
  the balance with its checksum and its fence, the sample, its line in the journal (a real file), the watch for alarms
  and air. The **bare calls** are stock pymodbus and PyVISA calls that ask the same twin for the same, one after the
  other, and do nothing with the replies; a test holds the requests of both against each other. The loop has pump, rig
  and balance asked before it hears the first of them, and gives the heartbeat with the rig's reading.
- Both run in turn in one process, with bench and twin on one core: no core has to be woken, nothing overlaps, and the
  work of both sides is counted in full. On two cores the ratio scatters with the time it takes to wake a core.
- A turn is 50 calls that are not counted, then 50 that are: the contenders share library code, and whoever comes after
  the other is slower at first. So these are the costs of a loop that runs on and on, not of a single sample after 30 s.
- Wall time is the lower quartile of the single calls; processor time is that of bench and twin together, the median of
  the turns. Each repeat is a process of its own, because the ratio depends on where the processes lie in memory: with
  the kernel's address randomisation off, it was lower by 0.08.
- **The day** is a 24 h infusion from programming the pump to its stop, sampled every 30 s on a stepped twin. **The
  month** is ten days of it, here; the soak makes whole ones. Memory is what the kernel says is resident.
- **The echo** is a raw socket between two Python processes.
- **The peers** write the same samples: PyMeasure, rows of a plain CSV file, and rows of SQLite, one transaction each.
  What is not installed is left out, and the table says so.
- **Memory of a run** is looked at twenty times a second, in the run's own process, from the first infusion of a chapter
  until its journal ends: pages and pictures are made after that, when no pump runs.
- **The highest speed** is that of a twin in a process of its own, with a clock that nobody stops, at which every
  verdict of a chapter is still PASS. Another process that holds up the bench or its disk for a tenth of a second is two
  hundred seconds of such a rig; so this is a figure for a quiet machine.
- **The trumpet curve** is computed from ten million cumulative volumes for six windows, checks of the curve and, where
  the samples do not lie on the grid, resampling included. Its yardstick is `numpy.cumsum` over the same volumes, once
  per window; both run in turn on one core, and processor time counts.
- **Reading** is a journal of a million samples into a table, its chain checked and each line held against its model.
  Its yardstick is `json.loads` and SHA-256 of each line, nothing kept. **Writing** is a sample on its way into a
  journal; its yardstick is `json.dumps`, SHA-256 and a write. Processor time of one thread counts.
- **`tox -e sim`** is timed as the command that it runs, report included, without the installation before it. The hours
  that it simulates stand beside the processor time of all its processes. **workers** is the same command with one
  worker and with two, in turn, by the wall.
"""


def speed_page(figures: Iterable[Figure], machine: str) -> str:
    """Return the page."""
    return f"{_HEAD}Measured on {machine}.\n\n{markdown_table(figures)}{_HOW}"
