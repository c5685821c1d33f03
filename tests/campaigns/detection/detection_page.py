# SPDX-License-Identifier: Apache-2.0
"""The page of the documents on what the bench finds, made of what the campaigns kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from instruments.simulated.specimen.defect import Asset
from tests.campaigns.detection.kept_figures import kept
from tests.campaigns.detection.pairs import ALIKE, NOT_KNOWABLE, NOT_TRIED, PAIRS
from tests.campaigns.detection.parts import parts_of
from tests.campaigns.detection.smallest_effect import AnyWindowFigures, SmallestEffect
from tests.campaigns.detection.trial import Group
from tests.campaigns.detection.trials import OUT_OF_REACH, defect_of, is_bad_pump
from tests.campaigns.detection.whole_outcome import WholeOutcome

ANY_WINDOW = "any_window.json"
_HEAD = """\
# Detection

What this bench finds, and what it does not. `tox -e detection` makes the runs, keeps their outcomes
and makes this page of them. Do not edit.

Each row is the whole protocol (every chapter, the pump of 20 mL) against one twin with the [defect](defects.md) that
it names. It is made chapter by chapter, in an order drawn by lot, so that what was made of a campaign of days is a fair
sample of it. A bad pump goes first through the test that its row names; once a part of it did not pass, the whole can
no longer pass, and the twin is at its end. Everything here was done to twins: it tells what the bench does, and nothing
about any pump. The bound is the share that could be missed with 95 % confidence when none of n was: 1 − 0.05^(1/n), n
of bad pumps the twins at their end, of all others the parts. A part that only an earlier state of the bench made counts
as it was then.
"""
_COUNTS = ("", "twins", "at their end", "parts", "of all parts", "PASS", "FAIL", "INCONCLUSIVE", "BLOCKED", "lost",
           "ended as they must not", "bound of that, %")  # fmt: skip
_NOT_YET = "Not run yet."
_ALL_REACHED = "None: each row of the catalogue has its test."


def page(folder: Path) -> str:
    """Return the page."""
    figures = _any_window(folder)
    parts = [
        _HEAD,
        *_section("In short", _in_short(folder)),
        *_section("Bad pumps", _defects(folder, Asset.PUMP)),
        *_section("Bad instruments", _defects(folder, Asset.INSTRUMENT)),
        *_section("Other magnitudes", _magnitudes(folder)),
        *_section("A bad instrument that hides a bad pump", _pairs(folder)),
        *_section("What nobody can know", [*_named([*_not_knowable(), *ALIKE.items()]), *_told(NOT_TRIED)]),
        *_section("What no chapter reaches", _named(OUT_OF_REACH.items()) or [_ALL_REACHED]),
        *_section("Smallest effect found", _smallest_effects(figures)),
        *_section("Effects that must be found", _asked(figures)),
        *_section("Good pumps, judged in any window", _good_pumps(figures)),
    ]
    return "\n".join(parts)


def _not_knowable() -> Iterator[tuple[str, str]]:
    return ((" with ".join(names), why) for names, why in NOT_KNOWABLE.items())


def _told(reasons: Mapping[str, str]) -> list[str]:
    return [f"- {what}: {why}." for what, why in reasons.items()]


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"## {title}\n"
    content = list(lines)
    yield "\n".join(content or [_NOT_YET]) + "\n"


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [_row(row) for row in rows]
    return [_row(columns), "|" + "---|" * len(columns), *lines] if lines else []


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _in_short(folder: Path) -> list[str]:
    defects = kept(folder, Group.DEFECT)
    parts: list[tuple[str, list[WholeOutcome]]] = [
        ("bad pumps", [one for one in defects if is_bad_pump(one.trial)]),
        ("bad instruments", [one for one in defects if not is_bad_pump(one.trial)]),
        ("pairs", kept(folder, Group.PAIR)),
        ("good pumps on good benches", kept(folder, Group.GOOD)),
    ]
    return _table(_COUNTS, (_counts(name, wholes) for name, wholes in parts if wholes))


def _counts(name: str, wholes: Sequence[WholeOutcome]) -> tuple[object, ...]:
    ended = [part.verdict for whole in wholes for part in whole.parts.values()]
    of_each = [ended.count(verdict) for verdict in ("PASS", "FAIL", "INCONCLUSIVE", "BLOCKED", "LOST")]
    wrong = sum(len(whole.surprises()) for whole in wholes)
    over = sum(whole.is_over for whole in wholes)
    tried = over if is_bad_pump(wholes[0].trial) else len(ended)
    bound = "–" if wrong or not tried else f"{100.0 * (1.0 - 0.05 ** (1.0 / tried)):.2g}"
    whole = sum(len(parts_of(one.trial)) for one in wholes)
    return name, len(wholes), over, len(ended), whole, *of_each, wrong, bound


def _defects(folder: Path, asset: Asset) -> list[str]:
    mine = [one for one in kept(folder, Group.DEFECT) if defect_of(one.name).asset is asset]
    return _outcomes(mine, lambda outcome: defect_of(outcome.name).description)


def _magnitudes(folder: Path) -> list[str]:
    return _outcomes(kept(folder, Group.MAGNITUDE), lambda outcome: defect_of(outcome.name).description)


def _pairs(folder: Path) -> list[str]:
    reasons = {"+".join(names): why for names, why in (*PAIRS.items(), *NOT_KNOWABLE.items())}
    return _outcomes(kept(folder, Group.PAIR), lambda outcome: reasons.get(outcome.name, ""))


def _outcomes(wholes: Sequence[WholeOutcome], told: Callable[[WholeOutcome], str]) -> list[str]:
    columns = (
        "defect",
        "what is wrong",
        "ends",
        "requirements reddened",
        "undecided",
        "parts: PASS, FAIL, other, to come",
    )
    return _table(
        columns,
        (
            (
                " with ".join(f"`{name}`" for name in one.name.split("+")),
                told(one),
                one.verdict,
                ", ".join(one.reddened),
                ", ".join(one.undecided),
                _parts(one),
            )
            for one in wholes
        ),
    )


def _parts(whole: WholeOutcome) -> str:
    ended = [part.verdict for part in whole.parts.values()]
    passed, failed = ended.count("PASS"), ended.count("FAIL")
    to_come = 0 if whole.is_over else len(parts_of(whole.trial)) - len(ended)
    return f"{passed}, {failed}, {len(ended) - passed - failed}, {to_come}"


def _named(items: Iterable[tuple[str, str]]) -> list[str]:
    return [f"- `{name}`: {why}." for name, why in items]


def _any_window(folder: Path) -> AnyWindowFigures:
    path = folder / ANY_WINDOW
    if not path.is_file():
        return AnyWindowFigures()
    return msgspec.json.decode(path.read_bytes(), type=AnyWindowFigures)


def _smallest_effects(figures: AnyWindowFigures) -> list[str]:
    columns = ("effect", "µL/h", "smallest that FAILs", "smallest that does not PASS", "FAIL, %", "runs")
    rows = (
        (_effect(one), f"{one.rate_ul_per_h:g}", _cell(one.smallest), _cell(one.smallest_not_pass), *_shares(one)[:1],
         one.n)
        for one in figures.effects
    )  # fmt: skip
    return _table(columns, rows)


def _asked(figures: AnyWindowFigures) -> list[str]:
    columns = ("effect", "µL/h", "FAIL, %", "not PASS, %", "runs")
    return _table(columns, ((_effect(one), f"{one.rate_ul_per_h:g}", *_shares(one), one.n) for one in figures.asked))


def _good_pumps(figures: AnyWindowFigures) -> list[str]:
    columns = ("good pumps, infusions of", "µL/h", "infusions", "FAIL", "INCONCLUSIVE", "bound of both, %")
    rows = (
        (one.durations, f"{one.rate_ul_per_h:g}", one.n, one.fails, one.inconclusives, f"{100 * one.bound:.3g}")
        for one in figures.nuisance
    )
    return _table(columns, rows)


def _effect(one: SmallestEffect) -> str:
    return f"{one.effect}, {one.unit}" if one.unit else one.effect


def _shares(one: SmallestEffect) -> tuple[str, str]:
    return f"{100 * one.share_fail:.1f}", f"{100 * one.share_not_pass:.1f}"


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"
