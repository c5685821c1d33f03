# SPDX-License-Identifier: Apache-2.0
"""Sealed records of short runs, with the keys of two people, for tests of what verifies them."""

from dataclasses import dataclass
from pathlib import Path

from cli.signing import signer_of
from reports.sealed.bundle import seal, sign
from reports.sealed.bundle_verifier import Verification, lacks, trusted_keys, verify
from reports.sealed.signing_key import SigningKey, make_key
from tests.sim.forked_run import forked_run

TESTER, REVIEWER = "A. Tester", "R. Reader"


def no_passphrase() -> bytes:
    raise AssertionError("nobody asked for a passphrase")


@dataclass(frozen=True)
class SealedRuns:
    """Two sealed records of the same people.

    Attributes:
        folder: where keys and run folders are.
        run: the run folder of the first.
        first, other: the bundles, signed by tester and reviewer.
    """

    folder: Path
    run: Path
    first: Path
    other: Path

    @classmethod
    def make(cls, folder: Path, *options: str, seeds: tuple[int, ...] = (1, 2)) -> "SealedRuns":
        for name in ("tester.key", "reviewer.key"):
            make_key(folder / name, b"")
        bundles, runs = [], []
        for number in seeds:
            out = folder / f"runs-{number}"
            out.mkdir()
            run = forked_run(out, "--chapter=leak", f"--seed={number}", *options, select="30").folder
            bundles.append(sealed(run, folder / f"bundle-{number}", folder))
            runs.append(run)
        return cls(folder, runs[0], bundles[0], bundles[-1])

    @property
    def trusted(self) -> dict[str, str]:
        return trusted_keys(
            [f"{TESTER}={self.folder / 'tester.key.pub'}", f"{REVIEWER}={self.folder / 'reviewer.key.pub'}"]
        )

    def verified(self, bundle: Path) -> Verification:
        found = verify(bundle, self.trusted)
        found.missing += lacks(found, self.trusted)
        return found


def sealed(run: Path, bundle: Path, keys: Path) -> Path:
    """Seal a run as its tester, and sign it as its reviewer."""
    tester, reviewer = (SigningKey.load(str(keys / name), no_passphrase) for name in ("tester.key", "reviewer.key"))
    seal(run, bundle, tester, signer_of(TESTER, "tester", None), "development", ("tester", "reviewer"))
    sign(bundle, reviewer, signer_of(REVIEWER, "reviewer", None))
    return bundle
