# SPDX-License-Identifier: Apache-2.0
"""The bench that made a run as a list of its materials: CycloneDX, with licences and with what is known to be wrong."""

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution, metadata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from groundfloor.errors import PlanError
from reports.summary import Summary

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component

KNOWN = Path(__file__).with_name("known_anomalies.toml")
INSTALL = "install it: pip install 'pumpbench[sbom]'"
NO_HASH = "not known: this version is not installed where this list was made"
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)$")


def bill_of_materials(summary: Summary, lock: str, code_sha256: str) -> str:
    """Return the packages that a run was made with, as JSON in CycloneDX 1.6.

    Args:
        summary: of the run.
        lock: its `environment.lock`, a package a line.
        code_sha256: of the bench's own code, as the journal binds it; empty if it does not.

    Raises:
        PlanError: what writes it is not installed.
    """
    try:
        from cyclonedx.model.bom import Bom
        from cyclonedx.output.json import JsonV1Dot6
    except ImportError as missing:
        next_step = INSTALL
        raise PlanError("list of materials", "write", "cyclonedx-python-lib is not installed", next_step) from missing
    bom = Bom()
    bench = _bench(summary, code_sha256)
    bom.metadata.component = bench
    parts = {_plain(name): _package(name, version) for name, version in _locked(lock)}
    for part in parts.values():
        bom.components.add(part)
    bom.register_dependency(bench, parts.values())
    _add_anomalies(bom, parts)
    return str(JsonV1Dot6(bom).output_as_string(indent=1))


def known_anomalies() -> tuple[dict[str, str], ...]:
    """Return what is known to be wrong in packages: id, package, address, about, and what keeps it off the record."""
    content: dict[str, Any] = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    return tuple(content["anomaly"])


def _locked(lock: str) -> Iterator[tuple[str, str]]:
    for line in lock.splitlines():
        if match := LOCKED.match(line.strip()):
            yield match[1], match[2]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _bench(summary: Summary, code_sha256: str) -> "Component":
    from cyclonedx.model import HashAlgorithm, HashType, Property
    from cyclonedx.model.component import Component, ComponentType

    software = summary.run.software if summary.run is not None else None
    version = "unknown" if software is None else f"{software.version} {software.commit or ''}".strip()
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=code_sha256)] if code_sha256 else []
    run_id = summary.run.run_id if summary.run is not None else "unknown"
    told = {"run": run_id, "simulated": str(summary.simulated), "verdict": summary.verdict.name}
    properties = [Property(name=f"pumpbench:{name}", value=value) for name, value in told.items()]
    return Component(
        name="pumpbench", version=version, type=ComponentType.APPLICATION, bom_ref="pumpbench", hashes=hashes,
        licenses=_licences("Apache-2.0"), properties=properties,
    )  # fmt: skip


def _package(name: str, version: str) -> "Component":
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    address = PackageURL("pypi", name=_plain(name), version=version)
    return Component(
        name=name, version=version, type=ComponentType.LIBRARY, bom_ref=str(address), purl=address,
        licenses=_licences(_licence_of(name, version)),
        properties=[Property(name="pumpbench:files-sha256", value=files_sha256(name, version) or NO_HASH)],
    )  # fmt: skip


def files_sha256(name: str, version: str) -> str:
    """Return one SHA-256 over the files of an installed package, as its own list of them has their hashes.

    It is that of the sorted lines `path,sha256=…` of RECORD, but for what installing adds: `.dist-info`, scripts,
    compiled files. Whoever has the wheel makes the same of the RECORD in it. Empty where another version is installed
    than the one that is asked for, or one without such a list. What the wheel's own hash is, no installation tells.
    """
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return ""
    listed = found.read_text("RECORD") if found.version == version else None
    rows = [row for row in csv.reader((listed or "").splitlines()) if len(row) >= 2 and row[1].startswith("sha256=")]
    own = sorted(f"{row[0]},{row[1]}" for row in rows if _of_the_wheel(PurePosixPath(row[0])))
    return hashlib.sha256("\n".join(own).encode()).hexdigest() if own else ""


def _of_the_wheel(path: PurePosixPath) -> bool:
    return ".." not in path.parts and not path.parts[0].endswith(".dist-info") and path.suffix != ".pyc"


def _licence_of(name: str, version: str) -> str:
    """Return the licence of a package as the installed one of this version says it; empty where nobody knows."""
    try:
        said: PackageMetadata = metadata(name)
    except PackageNotFoundError:
        return ""
    if said["Version"] != version:
        return ""
    by_class = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or () if one.startswith("License ::")]
    candidates = (*(said[name] for name in ("License-Expression", "License") if name in said), ", ".join(by_class))
    return next((one for one in candidates if one and one != "UNKNOWN" and "\n" not in one), "")


def _licences(text: str) -> list[Any]:
    from cyclonedx.contrib.license.factories import LicenseFactory

    return [LicenseFactory().make_from_string(text)] if text else []


def _add_anomalies(bom: "Bom", parts: dict[str, "Component"]) -> None:
    from cyclonedx.model import XsUri
    from cyclonedx.model.impact_analysis import ImpactAnalysisState
    from cyclonedx.model.vulnerability import BomTarget, Vulnerability, VulnerabilityAnalysis, VulnerabilitySource

    for one in known_anomalies():
        if (part := parts.get(_plain(one["package"]))) is None:
            continue
        analysis = VulnerabilityAnalysis(state=ImpactAnalysisState.NOT_AFFECTED, detail=one["kept_off"])
        source = VulnerabilitySource(name=one["package"], url=XsUri(one["address"]))
        bom.vulnerabilities.add(
            Vulnerability(
                bom_ref=one["id"], id=one["id"], source=source, description=one["about"], analysis=analysis,
                affects=[BomTarget(ref=str(part.bom_ref.value))],
            )
        )  # fmt: skip
