# SPDX-License-Identifier: Apache-2.0
"""What goes into a folder of Allure results besides the results: labels of each test, and the run as a whole.

Labels are read by machines, so each carries one bare word. `categories.json` serves Allure 2; Allure 3 does not read it
and gets its categories from `reports/allure_config.py`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.bench_file import BenchFile
from bench.devices import Finding
from bench.run_folder import ALLURE_RESULTS
from bench.trace import Requirements
from groundfloor.file_in_folder import write_in_folder
from reports.allure_environment import environment_of
from reports.markdown_text import as_text
from reports.properties import properties_text
from reports.run_info import RunInfo, find_run

IDENTITY = frozenset({"pump"})
"""What Allure must not leave out when it takes two results for one: else a pump that passed hides one that failed."""
EPIC = "Implantable drug pump"
CATEGORIES_OF_ALLURE_2 = (
    {"name": "FAIL: the pump did not keep its promise", "matchedStatuses": ["failed"]},
    {
        "name": "INCONCLUSIVE: the evidence does not decide",
        "matchedStatuses": ["broken"],
        "messageRegex": "(?s)INCONCLUSIVE: .*",
    },
    {"name": "BLOCKED: the bench could not test", "matchedStatuses": ["broken"]},
)


class Titled(Protocol):
    """What is needed of a profile here."""

    @property
    def title(self) -> str:
        """Return what people call the pump."""
        ...


@dataclass(frozen=True)
class Description:
    """How a test is described to Allure.

    Attributes:
        labels: name and value, as `allure.dynamic.label` takes them.
        requirements: what the test is evidence for, as Markdown: Allure shows many labels of one name by their first
            letters only.
    """

    labels: tuple[tuple[str, str], ...]
    requirements: str = ""


def describe_test(
    profile: Titled, requirements: Requirements, requirement_ids: Iterable[str], *, simulated: bool
) -> Description:
    """Return what a test is labelled with, all but its verdict.

    The epic is the kind of device with the profile; the feature is that of the first requirement, one only because
    Allure crosses every feature with every story; each requirement is a story.

    Raises:
        PlanError: a requirement is unknown.
    """
    wanted = requirements.select(requirement_ids)
    stamp = "SIMULATED – " if simulated else ""
    labels = [("epic", f"{stamp}{EPIC}: {profile.title}")]
    labels += [("feature", one.feature) for one in wanted[:1]]
    labels += [("story", f"{one.id} {one.text}") for one in wanted]
    labels += [("requirement", one.label) for one in wanted]
    labels += [("risk_control", control) for control in sorted({rc for one in wanted for rc in one.risk_controls})]
    listed = [f"- {one.label}: {as_text(one.text)}" for one in wanted]
    return Description(
        (*labels, ("layer", "hil"), ("simulated", "yes" if simulated else "no")),
        "\n".join(["Requirements:", "", *listed]) if listed else "",
    )


def instrument_facts(file: BenchFile, findings: Iterable[Finding]) -> dict[str, str]:
    """Return with which instruments a test was made, by name: serial numbers, certificate, due date, U.

    What `IDENTITY` names tells pumps apart; all else may change from release to release of one pump.
    """
    facts = {}
    for one in findings:
        if (device := one.identity) is not None:
            facts[one.asset] = f"serial {device.serial_number}, {device.model}"
            facts[f"{one.asset} firmware"] = device.firmware_version
    calibration = file.balance.calibration
    told = f"{calibration.certificate}, due {calibration.due}, U = {calibration.expanded_uncertainty_mg:g} mg (k = 2)"
    return {**facts, "balance certificate": told}


def write_context(run_folder: Path) -> None:
    """Write `environment.properties`, `executor.json` and `categories.json` into a run's `allure-results`.

    A run that never opened a bench has nothing to say there but the categories.
    """
    _write_json(run_folder, "categories.json", CATEGORIES_OF_ALLURE_2)
    run = find_run(run_folder / "journal.jsonl")
    if run is not None:
        environment = properties_text(environment_of(run))
        write_in_folder(run_folder, f"{ALLURE_RESULTS}/environment.properties", environment.encode("ascii"))
        _write_json(run_folder, "executor.json", _executor(run))


def _executor(run: RunInfo) -> dict[str, str]:
    return {"name": f"pumpbench on {run.bench}", "type": "pumpbench", "buildName": run.run_id, "reportName": run.run_id}


def _write_json(run_folder: Path, name: str, content: object) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_in_folder(run_folder, f"{ALLURE_RESULTS}/{name}", text.encode("utf-8", "backslashreplace"))
