# SPDX-License-Identifier: Apache-2.0
"""The conformance kit of a report section: it is written of a small run, of an empty one and of a hostile one."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.conformance.drivers import DriverFinding
from bench.conformance.outcome import Differs
from bench.conformance.small_run import write_empty_run, write_small_run
from bench.conformance.tried_check import tried_check
from bench.recorded import RecordedRun
from bench.run_folder import JOURNAL
from groundfloor.plug_ins import Offer
from groundfloor.plug_ins.guarded import guarded
from groundfloor.plug_ins.verbs import refuse_missing_verbs
from groundfloor.printable import one_line
from groundfloor.wall_clock import monotonic_s
from reports.report_section import ReportSection

LONGEST_S = 10.0
"""For a run of three judgements. A month of samples may take longer."""
ESCAPES = "pass what comes from the run through reports.markdown_text.as_text"
HOSTILE = ("<script>alert(1)</script>", "![x](http://pump.example/x.png)", "| PASS | 9 |", "`<b>", "\n# Forged\n\n")
"""What a device or a person may have written anywhere in a run."""
ASKS = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen", "os.system"}
)
"""Events of the interpreter by which code reaches something else than this process and its files."""
CALLS_OUT = re.compile(r"!\[[^\]]*\]\(\s*(?:https?:)?//|<(?:img|script|link|iframe|object)\b|@import", re.IGNORECASE)
"""In Markdown, what makes whoever opens it send a request."""
_listeners: list[Callable[[str], None]] = []


def section_trials(offer: Offer, found: object) -> tuple[DriverFinding, ...]:
    """Try a section of a report by itself.

    Args:
        offer: what it is called.
        found: what its attribute holds.

    Raises:
        PlanError: it has no `write`.
    """
    refuse_missing_verbs(offer, found, ReportSection)
    section: ReportSection = guarded(found, offer.told, ReportSection, LONGEST_S, last="write")
    with TemporaryDirectory(prefix="pumpbench-") as folder:
        place = Path(folder)
        small, empty, hostile = (_read(place / name, make) for name, make in _RUNS.items())

        def is_written() -> str:
            began_s = monotonic_s()
            text = section.write(small)
            if not text.strip():
                raise Differs("of a run of two tests it says nothing")
            return f"{len(text.splitlines())} lines in {monotonic_s() - began_s:.1f} s"

        return tuple(
            tried_check(*check)
            for check in (
                ("S-1", f"it is written of a small run, within {LONGEST_S:g} s", is_written),
                ("S-2", "it is written of a run that had no test", lambda: _is_text(section.write(empty))),
                ("S-3", "what stands in a run is shown, and taken for no markup", lambda: _escapes(section, hostile)),
                (
                    "S-4",
                    "nobody is asked while it is written, and nobody when it is read",
                    lambda: _asks(section, small),
                ),
                ("S-5", "of one run it says the same each time", lambda: _is_steady(section, small)),
            )
        )


def _hostile(journal: Path) -> None:
    write_small_run(journal, "".join(HOSTILE))


_RUNS: dict[str, Callable[[Path], None]] = {"small": write_small_run, "empty": write_empty_run, "hostile": _hostile}


def _read(folder: Path, make: Callable[[Path], None]) -> RecordedRun:
    folder.mkdir()
    make(folder / JOURNAL)
    return RecordedRun.read(folder / JOURNAL)


def _is_text(text: str) -> str:
    return f"{len(text.splitlines())} lines"


def _escapes(section: ReportSection, run: RecordedRun) -> str:
    text = section.write(run)
    raw = [one for one in HOSTILE if one in text]
    if raw:
        raise Differs(f"it shows {one_line(raw[0])!r} as it came: {ESCAPES}")
    return "texts of the run are escaped"


def _asks(section: ReportSection, run: RecordedRun) -> str:
    asked: list[str] = []
    with _listening(asked.append):
        try:
            text = section.write(run)
        except Exception:
            if asked:
                raise Differs(_told(asked)) from None
            raise
    if asked:
        raise Differs(_told(asked))
    if found := CALLS_OUT.search(text):
        raise Differs(f"{one_line(found[0])!r} in it makes whoever opens it ask somebody")
    return "no request left"


def _told(asked: list[str]) -> str:
    return f"while it was written it called {asked[0]}: a section says what the run holds, and asks nobody"


def _is_steady(section: ReportSection, run: RecordedRun) -> str:
    first, again = section.write(run), section.write(run)
    if first != again:
        lines = zip(first.splitlines(), again.splitlines(), strict=False)
        apart = next((one for one, other in lines if one != other), "another number of lines")
        raise Differs(f"asked again it says otherwise: {one_line(apart, 80)}")
    return "the same text"


@contextmanager
def _listening(listener: Callable[[str], None]) -> Iterator[None]:
    """Let `listener` hear of each try to reach somebody, and let none of them come about."""
    if not _hooked:
        sys.addaudithook(_heard)  # it stays for the life of the process, and does nothing while nobody listens
        _hooked.append(True)
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


_hooked: list[bool] = []


def _heard(event: str, _arguments: object) -> None:
    if _listeners and event in ASKS:
        for one in _listeners:
            one(event)
        raise PermissionError("a section of a report asks nobody")
