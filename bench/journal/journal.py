# SPDX-License-Identifier: Apache-2.0
"""The journal: the run's append-only file of every sample, event and verdict.

Each line is one JSON object: sequence number, bench time, kind, data, and the SHA-256 of the line before, so that an
edited, missing or inserted line shows. A line is handed to the operating system as soon as it is written, which
survives the death of this process; it is forced to the disk once a second and with every line that says so of itself
(`bench.journal.lines.line`), which survives the loss of power. Samples, declarations and what passed do not.

A line is kept in memory until it is known to be on the disk. When the disk takes no more, `JournalLost` is raised at
once, so that the pump is stopped before anything else; the next line that is written, such as the one that says so,
then takes what was kept to a second folder, where the chain goes on (`bench.journal.journal_continuation`). Samples are
kept there as well, but each of them raises again: a run whose journal was lost has to end.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.interruption import held
from bench.journal.journal_chain import CHAIN_START, Chain
from bench.journal.journal_continuation import continue_in
from bench.journal.journal_file import JournalFile
from bench.journal.journal_line import Entry, data_of, kind_of
from bench.journal.journal_tail import JournalTail
from bench.journal.line_maker import LineMaker, Maker
from bench.journal.lines import JournalContinued, JournalOpened, Line, Sample
from groundfloor.errors import BenchFault
from groundfloor.notifier import Notifier
from groundfloor.wall_clock import monotonic_s

__all__ = ["CHAIN_START", "KEPT_LINES", "Journal", "JournalLost"]

SYNC_INTERVAL_S = 1.0
KEPT_LINES = 4096
"""How many lines memory holds at most; they are forced to the disk before there are more."""


class JournalLost(BenchFault):
    """The journal's disk takes no more lines: the run has to end."""


class Journal:
    """An open journal.

    Args:
        path: the file, which must not be there yet.
        now_s: the bench time.
        fallback: folders to go on in when the disk of `path` takes no more, in the order in which they are tried.
        tail: where an earlier journal ended, to go on with it; see `reopen`.
        maker: makes its lines; another one only where somebody tries the file itself.

    Attributes:
        path: the file.
        now_s: the bench time.
        fallback: folders to go on in when the disk of `path` takes no more; may be set later.
        begun_at: its position when it was opened here: 0, or where a resumed run goes on.
        written: tells of each entry after it is written: to a progress bar, to a growing report.
        lost: why the file takes no more lines; None while it does.
        continued: the file in a second folder that takes them instead.
    """

    def __init__(
        self,
        path: Path,
        now_s: Callable[[], float] = lambda: 0.0,
        fallback: Sequence[Path] = (),
        tail: JournalTail | None = None,
        maker: Maker | None = None,
    ) -> None:
        self.path = path
        self.now_s = now_s
        self.written: Notifier[Entry] = Notifier()
        self.lost: JournalLost | None = None
        self.continued: Path | None = None
        self.fallback = tuple(fallback)
        self._file = tail.file if tail is not None else _created(path)
        self._maker = maker if maker is not None else LineMaker()
        self._chain = tail.chain if tail is not None else Chain()
        self.begun_at = self._chain.length
        self._on_disk = self._chain.copy()
        self._kept: list[bytes] = []
        self._handed_over = 0
        self._synced_s = monotonic_s()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it, however the block ends."""
        self.close()

    @classmethod
    def reopen(
        cls,
        path: Path,
        now_s: Callable[[], float],
        fallback: Sequence[Path] = (),
        maker: Maker | None = None,
        **more: Any,
    ) -> Self:
        """Go on with the journal of a run that was cut short; its first new line is of the kind "resumed".

        The whole chain is checked. What is left of a last line that was not written to its end is taken off the file
        and kept as `torn` in that new line. What was continued in a second folder is brought home first.

        Args:
            path: the journal.
            now_s: the bench time.
            fallback: as for a new journal.
            maker: as for a new journal.
            more: what else the new line says.

        Raises:
            BenchFault: there is no journal, another process writes it, it is not what the bench wrote, or another
                version of the bench began it, with another format.
        """
        maker = maker if maker is not None else LineMaker()
        tail = JournalTail.of(path, maker)
        journal = cls(path, now_s, fallback, tail, maker)
        journal.write("resumed", torn=tail.torn, **more)
        tail.file.end_here()
        return journal

    @property
    def position(self) -> int:
        """Return how many bytes all lines have, for reading back what comes from here on."""
        return self._chain.length

    @property
    def sequence(self) -> int:
        """Return the number of the next line."""
        return self._chain.sequence

    def write(self, kind: str, **data: Any) -> Line:
        """Append an entry and force it to the disk; one that need not be forced reaches it within a second.

        Returns:
            The line, with the ids that it got.

        Raises:
            PlanError: the data do not fit the model of their kind.
            JournalLost: the disk takes no more (full, gone, read-only); told once, later entries go to the second
                folder. The entry is kept.
        """
        line = self._maker.make(kind, data)
        if self.lost is not None:
            self._go_on()
        self._append(line)
        if line.forced or self.lost is not None or self._sync_is_due:
            self._sync()
        return line

    def put(self, line: Line) -> Line:
        """Append a line as `write` does; its ids are filled in."""
        return self.write(kind_of(line), **data_of(line))

    def sample(self, at_s: float | None = None, **data: Any) -> None:
        """Append a sample; it reaches the disk within a second.

        Args:
            at_s: bench time at which it was begun; that of the line if left out.
            data: what it says.

        Raises:
            PlanError: the data do not fit the model of a sample.
            JournalLost: the disk takes no more; told for every sample. The sample is kept.
        """
        self._append(self._maker.sample(data), at_s)
        self._sync_in_time()

    def _sync_in_time(self) -> None:
        if self.lost is not None:
            raise self.lost
        if self._sync_is_due:
            self._sync()

    @property
    def _sync_is_due(self) -> bool:
        nothing_is_safe = self._on_disk.sequence == 0  # and a continuation never goes on from nothing
        due = monotonic_s() - self._synced_s >= SYNC_INTERVAL_S
        return nothing_is_safe or due or len(self._kept) >= KEPT_LINES

    def carry(self, t_s: float, line: Line) -> None:
        """Append a line that another journal of this run holds, with the ids that it has here; on the disk in a second.

        Raises:
            JournalLost: the disk takes no more; told for every line. The line is kept.
        """
        if not isinstance(line, Sample):
            self._maker.follow(kind_of(line), data_of(line))
        self._add(t_s, line)
        self.written.notify(Entry(t_s, line))
        self._sync_in_time()

    def flush(self) -> None:
        """Force everything to the disk.

        Raises:
            JournalLost: the disk takes no more, and that was not told yet.
        """
        self._sync()

    def _append(self, line: Line, at_s: float | None = None) -> None:
        if self._chain.sequence == 0 and not isinstance(line, JournalOpened) and (first := self._maker.first()):
            self._add(self.now_s(), first)
        t_s = self.now_s() if at_s is None else at_s
        self._add(t_s, line)
        self.written.notify(Entry(t_s, line))

    def _add(self, t_s: float, line: Line) -> None:
        raw = self._chain.line(t_s, kind_of(line), line if isinstance(line, Sample) else data_of(line))
        if len(self._kept) >= KEPT_LINES and self.lost is not None:
            raise self.lost
        with held():  # a line that is written and not counted would break the chain
            self._chain.follow(raw)
            self._kept.append(raw)
            self._hand_over()

    def _hand_over(self) -> None:
        if self.lost is not None and self.continued is None:
            return
        while self._handed_over < len(self._kept):
            try:
                self._file.put(self._kept[self._handed_over])
            except OSError as refused:
                self._lose("write", refused)
                break
            self._handed_over += 1

    def _sync(self) -> None:
        if self._handed_over < len(self._kept):
            return
        try:
            self._file.sync()
        except OSError as refused:
            self._lose("sync", refused)
        else:
            self._on_disk = self._chain.copy()
            self._kept.clear()
            self._handed_over = 0
            self._synced_s = monotonic_s()

    def _lose(self, operation: str, refused: OSError) -> None:
        """Tell that the first file is lost; what the second one refuses stays in memory and is tried again."""
        if self.lost is None:
            next_step = "make room or mend the disk, then start anew"
            self.lost = JournalLost(f"journal {self.path}", operation, str(refused), next_step)
            raise self.lost from refused

    def _go_on(self) -> None:
        """Take what is kept to the first of the second folders that takes it."""
        if self.lost is None or self.continued is not None or self._on_disk.length == 0:
            return
        file = continue_in(self.fallback, self._file, self._on_disk)
        if file is None:
            return
        self._file.close()
        self._file, self.continued, self._handed_over = file, file.path, 0
        seen = f"{self.lost.seen}; it goes on in {file.path}"
        self.lost = JournalLost(self.lost.asset, self.lost.operation, seen, self.lost.next_step)
        self._hand_over()
        self._append(JournalContinued(reason=str(self.lost), kept_lines=len(self._kept)))

    def close(self) -> None:
        """Force everything to the disk and close the file.

        Raises:
            JournalLost: the disk takes no more, and that was not told yet; or lines are left that no folder took.
        """
        if self._file.closed:
            return
        try:
            self._sync()
        finally:
            self._go_on()
            self._hand_over()
            self._sync()
            self._file.close()
        if self._kept and self.lost is not None:
            seen = f"{self.lost.seen}; its last {len(self._kept)} lines found no place"
            raise JournalLost(self.lost.asset, self.lost.operation, seen, self.lost.next_step)


def _created(path: Path) -> JournalFile:
    try:
        return JournalFile.create(path)
    except OSError as refused:
        raise BenchFault(
            f"journal {path}", "create", str(refused), "give a run folder that can be written"
        ) from refused
