# SPDX-License-Identifier: Apache-2.0
"""ReqIF with results: each requirement with its text, revision, state, and a sentence for each judgement of it.

It is written by the library that our import reads with. An ALM finds its own objects again by the attribute `ID`.
"""

from reqif.models.reqif_core_content import ReqIFCoreContent
from reqif.models.reqif_data_type import ReqIFDataTypeDefinitionString
from reqif.models.reqif_namespace_info import ReqIFNamespaceInfo
from reqif.models.reqif_req_if_content import ReqIFReqIFContent
from reqif.models.reqif_reqif_header import ReqIFReqIFHeader
from reqif.models.reqif_spec_object import ReqIFSpecObject, SpecObjectAttribute
from reqif.models.reqif_spec_object_type import ReqIFSpecObjectType, SpecAttributeDefinition
from reqif.models.reqif_types import SpecObjectAttributeType
from reqif.object_lookup import ReqIFObjectLookup
from reqif.reqif_bundle import ReqIFBundle
from reqif.unparser import ReqIFUnparser

from reports.export.told_results import pump_told, results_told, state_told
from reports.summary import Summary
from reports.trace_record import RequirementRecord, TraceRecord

ATTRIBUTES = ("ID", "Revision", "Text", "State", "Results", "Pump", "Run")
_STRING, _TYPE = "pumpbench-string", "pumpbench-requirement"


def reqif_results(summary: Summary, trace: TraceRecord) -> str:
    """Return the requirements of a run as the text of a ReqIF file."""
    run = summary.run.run_id if summary.run is not None else ""
    created = (summary.run.epoch_utc if summary.run is not None else None) or "1970-01-01T00:00:00+00:00"
    pump = pump_told(summary)
    objects = [_object(one, pump, run, created) for one in trace.requirements]
    content = ReqIFReqIFContent(
        data_types=[
            ReqIFDataTypeDefinitionString(_STRING, last_change=created, long_name="string", max_length="65536")
        ],
        spec_types=[_type(created)],
        spec_objects=objects,
        spec_relations=[],
        specifications=[],
    )
    header = ReqIFReqIFHeader(
        identifier=f"pumpbench-{run}",
        creation_time=created,
        req_if_tool_id="pumpbench",
        req_if_version="1.0",
        source_tool_id="pumpbench",
        title=f"Baseline {trace.baseline} with the results of {run}",
    )
    core = ReqIFCoreContent(content)
    bundle = ReqIFBundle(ReqIFNamespaceInfo.create_default(), header, core, False, ReqIFObjectLookup.empty(), [])
    text: str = ReqIFUnparser.unparse(bundle)
    return text


def _type(created: str) -> ReqIFSpecObjectType:
    attributes = [
        SpecAttributeDefinition(
            SpecObjectAttributeType.STRING, _attribute(name), _STRING, long_name=name, last_change=created
        )
        for name in ATTRIBUTES
    ]
    return ReqIFSpecObjectType(_TYPE, long_name="Requirement", last_change=created, attribute_definitions=attributes)


def _object(one: RequirementRecord, pump: str, run: str, created: str) -> ReqIFSpecObject:
    values = (one.id, str(one.revision), one.text, state_told(one), "\n".join(results_told(one)), pump, run)
    attributes = [
        SpecObjectAttribute(SpecObjectAttributeType.STRING, _attribute(name), value)
        for name, value in zip(ATTRIBUTES, values, strict=True)
    ]
    return ReqIFSpecObject(f"pumpbench-{one.id}", attributes, _TYPE, last_change=created)


def _attribute(name: str) -> str:
    return f"pumpbench-attribute-{name.lower()}"
