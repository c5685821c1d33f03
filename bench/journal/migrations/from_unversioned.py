# SPDX-License-Identifier: Apache-2.0
"""From journals without a format to 1.0: other names, and ids where names tied the lines together.

Windows were known by their names. A judgement was named "window: what was judged", and its window was the newest one of
that name in its test. A weighed volume held its marks, but not which lines they stood in.
"""

from typing import Any

from bench.journal.line_ids import LineIds

_KINDS = {"deed": "activity"}
_FIELDS = {
    "sample": {"delivered_ul": "weighed_ul"},
    "judgement": {"doubts": "qualifiers"},
    "event": {"doubt": "qualifier"},
}


class FromUnversioned:
    """Reads one journal, from its first line on."""

    def __init__(self) -> None:
        self._ids = LineIds()
        self._windows: dict[str, str] = {}
        self._marks: dict[tuple[object, object], str] = {}

    def migrate(self, kind: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return kind and data as format 1.0 has them."""
        kind = _KINDS.get(kind, kind)
        names = _FIELDS.get(kind, {})
        data = {names.get(name, name): value for name, value in data.items()}
        if kind == "sample":
            return kind, data | {"infusion": self._ids.infusion_named(data["infusion"])} if "infusion" in data else data
        data = self._ids.filled(kind, data)
        match kind:
            case "test-started":
                self._windows.clear()
                data["requirements"] = [_reference(label) for label in _listed(data.get("requirements"))]
            case "event" if data.get("what") == "mark":
                self._keep_mark(data)
            case "volume":
                self._tie_volume(data)
            case "judgement":
                self._tie_judgement(data)
        return kind, data

    def _keep_mark(self, data: dict[str, Any]) -> None:
        result = data.get("result")
        mass = result.get("mass") if isinstance(result, dict) else None
        self._marks[_instant(mass)] = data["id"]

    def _tie_volume(self, data: dict[str, Any]) -> None:
        data["start_mark"] = self._marks.get(_instant(data.get("start")), "")
        data["end_mark"] = self._marks.get(_instant(data.get("end")), "")
        if isinstance(name := data.get("name"), str):
            self._windows[name] = data["id"]

    def _tie_judgement(self, data: dict[str, Any]) -> None:
        name = data.get("name")
        if isinstance(name, str):
            window, _, measurand = name.rpartition(": ")
            data["window"] = self._windows.get(window or name, "")
            data["measurand"] = measurand


def _instant(mass: object) -> tuple[object, object]:
    """Return what no two marks of a run share: bench time and mass."""
    if not isinstance(mass, dict):
        return None, None
    time_s, mass_g = mass.get("time_s"), mass.get("mass_g")
    return (time_s, mass_g) if isinstance(time_s, float | int) and isinstance(mass_g, float | int) else (None, None)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _reference(label: object) -> dict[str, object]:
    """Return the requirement that was cited as `DEL-001@1`."""
    own, at, revision = str(label).partition("@")
    return {"id": own, "revision": int(revision) if at and revision.isdecimal() and len(revision) < 9 else None}
