# SPDX-License-Identifier: Apache-2.0
"""The figures of a campaign in one file: a row that is found again takes the place of the old one."""

import json
from pathlib import Path

Row = dict[str, object]
PARTS = ("effects", "asked", "nuisance")
KEYS = ("effect", "durations", "rate_ul_per_h")


class KeptFigures:
    """Keeps each row as soon as it is found, so that a campaign may be run in pieces."""

    def __init__(self, path: Path) -> None:
        self._path = path
        old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.rows: dict[str, list[Row]] = {part: old.get(part, []) for part in PARTS}

    def keep(self, part: str, row: Row) -> None:
        """Keep a row of one part, by what was tried and at which rate."""
        key = _key(row)
        others = [one for one in self.rows[part] if _key(one) != key]
        self.rows[part] = sorted([*others, row], key=lambda one: (str(one["rate_ul_per_h"]).zfill(12), _key(one)))
        print(json.dumps(row, ensure_ascii=False), flush=True)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self.rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row.get(key, "")) for key in KEYS)
