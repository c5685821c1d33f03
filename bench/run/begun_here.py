# SPDX-License-Identifier: Apache-2.0
"""Which runs this user began: a run folder that came from elsewhere names code, and nothing in it says whose that is.

Owner and mode tell who unpacked an archive, not who made it, and its hashes fit whatever it holds. So a start leaves a
note, in a folder that only its user can write to: the hash of the first line of the journal, which binds plans and all
other inputs, and that of the folder, as two runs of the same inputs begin with the same line. A run of other plans than
the bench's own is resumed only if that note is there, or somebody vouches.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import platformdirs

from bench.journal import LONGEST_LINE_BYTES, journal_parts, make_private
from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault
from groundfloor.only_ours import refuse_foreign, refuse_open_ways
from groundfloor.regular_file import open_regular


def note_begun(folder: Path) -> None:
    """Note that this user began the run in `folder`; where nothing can be noted, somebody has to vouch for it later."""
    with suppress(OSError, BenchFault):
        note = _note_of(folder)
        for place in (note.parent.parent.parent, note.parent.parent, note.parent):
            make_private(place)
        note.write_text(f"{folder.absolute()}\n", encoding="utf-8", errors="backslashreplace", newline="\n")
        note.chmod(0o600)


def forget_begun(folder: Path) -> None:
    """Forget the run in `folder`: it is over, and nobody resumes it."""
    with suppress(OSError, BenchFault):
        note = _note_of(folder)
        note.unlink(missing_ok=True)
        note.parent.rmdir()


def refuse_unknown_run(folder: Path) -> None:
    """Refuse a run that this user did not begin on this computer.

    Raises:
        BenchFault: there is no note of its start, or somebody else could have left it.
    """
    try:
        note = _note_of(folder)
        refuse_foreign(note.parent, note)
        refuse_open_ways(note)
    except OSError as unknown:
        seen = "it names plans that are not the bench's own, and nothing says that you began it on this computer"
        next_step = "look at the plans that it keeps; if you trust them, resume it with --trust"
        raise BenchFault(f"run folder {folder}", "resume", seen, next_step) from unknown


def _note_of(folder: Path) -> Path:
    with open_regular(journal_parts(folder / JOURNAL)[0].path) as file:
        first = file.readline(LONGEST_LINE_BYTES)
    place = Path(platformdirs.user_state_dir("pumpbench")) / "begun" / hashlib.sha256(first).hexdigest()
    return place / hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()
