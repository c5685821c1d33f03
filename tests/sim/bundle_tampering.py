# SPDX-License-Identifier: Apache-2.0
"""Changes of a sealed record, as chance or somebody makes them: each returns what the verifier has to name."""

import base64
import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.journal.journal_chain import Chain
from reports.sealed.bundle_verifier import NotReadable
from tests.sim.restored_copy import RestoredCopy
from tests.sim.sealed_runs import SealedRuns

Tampering = Callable[[Path, Path, random.Random], str]
"""Changes the first bundle, the second is another one; returns what of it has to be named."""
BY_SIGNATURE = "signatures/"
"""What holds no hash of its own any more, only a signature shows."""


def files_of(bundle: Path, *, under: str = "") -> list[Path]:
    return sorted(path for path in (bundle / under).rglob("*") if path.is_file())


def name_of(bundle: Path, path: Path) -> str:
    return path.relative_to(bundle).as_posix()


def manifests_anew(bundle: Path) -> None:
    """Write both manifests for what is there now."""

    def lines(paths: list[Path]) -> str:
        return "".join(f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {name_of(bundle, one)}\n" for one in paths)

    (bundle / "manifest-sha256.txt").write_text(lines(files_of(bundle, under="data")))
    tags = [bundle / name for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")]
    (bundle / "tagmanifest-sha256.txt").write_text(lines(tags))


def one_bit(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = dice.choice([one for one in files_of(bundle) if one.stat().st_size])
    content = bytearray(path.read_bytes())
    place = dice.randrange(len(content))
    content[place] ^= 1 << dice.randrange(8)
    path.write_bytes(content)
    return "" if path.parent == bundle else name_of(bundle, path).partition(".")[0]


def cut_off(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = dice.choice([one for one in files_of(bundle, under="data") if one.stat().st_size])
    with path.open("r+b") as file:
        file.truncate(dice.randrange(path.stat().st_size))
    return name_of(bundle, path)


def added(bundle: Path, _other: Path, dice: random.Random) -> str:
    name = dice.choice(
        ["note.txt", "data/note.txt", "data/plans/more.py", "signatures/note.txt", "signatures/03-x.pub"]
    )
    (bundle / name).parent.mkdir(parents=True, exist_ok=True)
    (bundle / name).write_text("hello\n")
    return name.removesuffix(".pub")


def removed(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = dice.choice(files_of(bundle, under="data"))
    path.unlink()
    return name_of(bundle, path)


def renamed(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = dice.choice(files_of(bundle, under="data"))
    path.rename(path.with_name(f"{path.name}.old"))
    return f"{name_of(bundle, path)}.old"


def two_swapped(bundle: Path, _other: Path, dice: random.Random) -> str:
    by_content = {one.read_bytes(): one for one in files_of(bundle, under="data")}
    first, second = dice.sample(sorted(by_content.values()), 2)
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    return name_of(bundle, first)


def from_another(bundle: Path, other: Path, dice: random.Random) -> str:
    names = [name_of(other, one) for one in files_of(other, under="data")]
    odd = [one for one in names if (bundle / one).is_file() and not _same(bundle / one, other / one)]
    name = dice.choice(odd)
    shutil.copyfile(other / name, bundle / name)
    return name


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def edited_and_manifests_anew(bundle: Path, other: Path, dice: random.Random) -> str:
    dice.choice([cut_off, removed, renamed, two_swapped, from_another])(bundle, other, dice)
    manifests_anew(bundle)
    return BY_SIGNATURE


def added_and_manifests_anew(bundle: Path, other: Path, dice: random.Random) -> str:
    (bundle / "data" / f"note-{dice.randrange(1000)}.txt").write_text("hello\n")
    manifests_anew(bundle)
    return BY_SIGNATURE


def journal_chained_anew(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Change one line, make the chain and the manifests anew: a flipped verdict, a shifted time, or another figure."""
    path = bundle / "data" / "journal.jsonl"
    entries = [json.loads(line) for line in path.read_bytes().splitlines()]
    judged = [one for one in entries if one["kind"] == "judgement"]
    match dice.randrange(3):
        case 0:
            dice.choice(judged)["data"]["verdict"] = "FAIL"
        case 1:
            dice.choice(entries[1:])["t"] += 3600.0
        case _:
            dice.choice([one for one in entries if one["kind"] == "sample"])["data"]["mass_g"] = 1.0
    chain, lines = Chain(), []
    for entry in entries:
        lines.append(chain.line(entry["t"], entry["kind"], entry["data"]))
        chain.follow(lines[-1])
    path.write_bytes(b"".join(lines))
    if dice.random() < 0.2:
        return "data/journal.jsonl"
    manifests_anew(bundle)
    return BY_SIGNATURE


def a_word_flipped(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Flip a verdict where it stands as a word: summary, page, Allure."""
    words = (b"PASS", b"passed")
    odd = [one for one in files_of(bundle, under="data") if any(word in one.read_bytes() for word in words)]
    path = dice.choice(odd)
    path.write_bytes(path.read_bytes().replace(b"PASS", b"FAIL", 1).replace(b"passed", b"failed", 1))
    return name_of(bundle, path)


def an_allure_result_with_its_line(bundle: Path, _other: Path, dice: random.Random) -> str:
    dice.choice(sorted((bundle / "data" / "allure-results").glob("*-result.json"))).unlink()
    manifests_anew(bundle)
    return BY_SIGNATURE


def a_signature_removed(bundle: Path, _other: Path, dice: random.Random) -> str:
    stem = dice.choice(["01-tester", "02-reviewer"])
    for path in (bundle / "signatures").glob(f"{stem}*"):
        path.unlink()
    return "the signature of the reviewer" if stem == "02-reviewer" else "taken away"


def a_part_of_a_signature_removed(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = dice.choice(files_of(bundle, under="signatures"))
    path.unlink()
    return "taken away"


def a_signature_moved(bundle: Path, other: Path, dice: random.Random) -> str:
    stem = dice.choice(["01-tester", "02-reviewer"])
    for path in (other / "signatures").glob(f"{stem}*"):
        shutil.copyfile(path, bundle / "signatures" / path.name)
    return stem


def a_signature_under_another_role(bundle: Path, _other: Path, dice: random.Random) -> str:
    role = dice.choice(["approver", "tester"])
    for path in (bundle / "signatures").glob("02-reviewer*"):
        path.rename(path.with_name(path.name.replace("reviewer", role)))
    return f"02-{role}"


def a_statement_changed(bundle: Path, _other: Path, dice: random.Random) -> str:
    """Change what was signed, in the envelope and beside it, and leave the signature."""
    stem = dice.choice(["01-tester", "02-reviewer"])
    path = bundle / "signatures" / f"{stem}.intoto.json"
    envelope = json.loads(path.read_text())
    payload = base64.b64decode(envelope["payload"])
    old, new = dice.choice([
        (b'"signed_at":"20', b'"signed_at":"19'), (b'["tester","reviewer"]', b'["tester"]'),
        (b'"purpose":"development"', b'"purpose":"release"'), (b'"simulated":true', b'"simulated":false'),
        (b'"name":"', b'"name":"Dr. '), (b'"verdict":"PASS"', b'"verdict":"FAIL"'),
    ])  # fmt: skip
    assert old in payload
    payload = payload.replace(old, new, 1)
    envelope["payload"] = base64.b64encode(payload).decode()
    path.write_text(json.dumps(envelope))
    kind = b"application/vnd.in-toto+json"
    pae = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    path.with_name(f"{stem}.pae").write_bytes(pae)
    return stem


def an_empty_folder(bundle: Path, _other: Path, dice: random.Random) -> str:
    name = dice.choice(["data/more", "more", "signatures/more"])
    (bundle / name).mkdir()
    return name


def a_link(bundle: Path, _other: Path, dice: random.Random) -> str:
    path = dice.choice(files_of(bundle, under="data"))
    content = path.read_bytes()
    place = bundle.with_name(f"{bundle.name}-elsewhere")
    place.write_bytes(content)
    path.unlink()
    path.symlink_to(place)
    return name_of(bundle, path)


def a_pipe(bundle: Path, _other: Path, _dice: random.Random) -> str:
    os.mkfifo(bundle / "data" / "pipe")
    return "data/pipe"


TAMPERINGS: tuple[Tampering, ...] = (
    one_bit, cut_off, added, removed, renamed, two_swapped, from_another, edited_and_manifests_anew,
    added_and_manifests_anew, journal_chained_anew, a_word_flipped, an_allure_result_with_its_line, a_signature_removed,
    a_part_of_a_signature_removed, a_signature_moved, a_signature_under_another_role, a_statement_changed,
    an_empty_folder, a_link, a_pipe,
)  # fmt: skip


def missed(
    runs: SealedRuns, trials: int, seed: int, place: Path, kinds: Sequence[Tampering] = TAMPERINGS
) -> Iterator[str]:
    """Yield what of so many tamperings, each class in its turn, was not found or not named."""
    dice = random.Random(seed)  # the same each time
    copy = RestoredCopy(runs.first, place / "bundle")
    for number in range(trials):
        tamper = kinds[number % len(kinds)]
        bundle = copy.restored()
        named = tamper(bundle, runs.other, dice)
        told = _told_of(runs, bundle)
        if not told or named not in told:
            yield f"{tamper.__name__}: {named!r} is not in {told!r}"
    if told := _told_of(runs, copy.restored()):  # or what was found was left over from the trial before
        yield f"put back it is not as it was: {told}"


def _told_of(runs: SealedRuns, bundle: Path) -> str:
    """Return what the verifier tells of a bundle, empty if it finds it intact and complete."""
    try:
        found = runs.verified(bundle)
    except NotReadable as odd:
        return f"cannot be verified: {odd}"
    return " ".join([*map(str, found.findings), *found.missing])
