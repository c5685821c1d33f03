# SPDX-License-Identifier: Apache-2.0
"""Small ReqIF files in the manner of three makers, with what is odd about each; all texts are made up.

DOORS: namespaces for everything, formatted texts, enumerations by reference. Polarion: objects without values, and
elements that the schema does not know. Enterprise Architect: a type for each kind of requirement, no namespace.
"""

from collections.abc import Sequence

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
XHTML = "http://www.w3.org/1999/xhtml"


def value(kind: str, definition: str, text: str) -> str:
    reference = f"ATTRIBUTE-DEFINITION-{kind}-REF"
    where = f"<DEFINITION><{reference}>{definition}</{reference}></DEFINITION>"
    if kind == "XHTML":
        return f"<ATTRIBUTE-VALUE-XHTML>{where}<THE-VALUE>{text}</THE-VALUE></ATTRIBUTE-VALUE-XHTML>"
    if kind == "ENUMERATION":
        values = f"<VALUES><ENUM-VALUE-REF>{text}</ENUM-VALUE-REF></VALUES>"
        return f"<ATTRIBUTE-VALUE-ENUMERATION>{values}{where}</ATTRIBUTE-VALUE-ENUMERATION>"
    return f'<ATTRIBUTE-VALUE-{kind} THE-VALUE="{text}">{where}</ATTRIBUTE-VALUE-{kind}>'


def an_object(identifier: str, values: str, kind: str = "type") -> str:
    of = f"<TYPE><SPEC-OBJECT-TYPE-REF>{kind}</SPEC-OBJECT-TYPE-REF></TYPE>"
    return f'<SPEC-OBJECT IDENTIFIER="{identifier}">{of}<VALUES>{values}</VALUES></SPEC-OBJECT>'


def a_type(identifier: str, attributes: Sequence[tuple[str, str, str]]) -> str:
    told = "".join(
        f'<ATTRIBUTE-DEFINITION-{kind} IDENTIFIER="{one}" LONG-NAME="{name}"><TYPE>'
        f"<DATATYPE-DEFINITION-{kind}-REF>d{kind}</DATATYPE-DEFINITION-{kind}-REF></TYPE></ATTRIBUTE-DEFINITION-{kind}>"
        for one, name, kind in attributes
    )
    return f'<SPEC-OBJECT-TYPE IDENTIFIER="{identifier}"><SPEC-ATTRIBUTES>{told}</SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE>'


def file(types: str, objects: str, root: str = "REQ-IF", data_types: str = "") -> str:
    content = (
        f"<DATATYPES>{data_types}</DATATYPES><SPEC-TYPES>{types}</SPEC-TYPES><SPEC-OBJECTS>{objects}</SPEC-OBJECTS>"
    )
    inside = f"<CORE-CONTENT><REQ-IF-CONTENT>{content}</REQ-IF-CONTENT></CORE-CONTENT>"
    return f"{HEAD}<{root}>{inside}</REQ-IF>"


def reqif(attributes: Sequence[tuple[str, str, str]], values: str) -> str:
    """Return a file with one type and one object."""
    return file(a_type("type", attributes), an_object("_1", values))


_GROUPS = (
    '<DATATYPE-DEFINITION-ENUMERATION IDENTIFIER="dENUMERATION" LONG-NAME="Groups"><SPECIFIED-VALUES>'
    '<ENUM-VALUE IDENTIFIER="e1" LONG-NAME="Delivery"><PROPERTIES><EMBEDDED-VALUE KEY="1" OTHER-CONTENT="Red"/>'
    '</PROPERTIES></ENUM-VALUE><ENUM-VALUE IDENTIFIER="e2" LONG-NAME="Alarms"/>'
    "</SPECIFIED-VALUES></DATATYPE-DEFINITION-ENUMERATION>"
)
_OF_DOORS = [
    ("_i", "ReqIF.ForeignID", "STRING"),
    ("_t", "ReqIF.Text", "XHTML"),
    ("_r", "ReqIF.ForeignRevision", "STRING"),
    ("_k", "Risk Control", "STRING"),
    ("_g", "Group", "ENUMERATION"),
]
DOORS = file(
    a_type("type", _OF_DOORS),
    "<!-- exported -->"
    + an_object("_head", value("STRING", "_i", "SRS_1"))
    + an_object(
        "_a",
        value("STRING", "_i", "SRS_4711")
        + value(
            "XHTML",
            "_t",
            "<reqif-xhtml:div>The pump<reqif-xhtml:br/>shall <reqif-xhtml:b>deliver 1 mL</reqif-xhtml:b> "
            "per day.</reqif-xhtml:div>",
        )
        + value("STRING", "_r", "3")
        + value("STRING", "_k", "RC-1; RC/2")
        + value("ENUMERATION", "_g", "e1"),
    )
    + an_object(
        "_b",
        value("STRING", "_i", "SRS_4712")
        + value("XHTML", "_t", "<reqif-xhtml:div>The pump shall sound an alarm.</reqif-xhtml:div>"),
    ),
    root=f'REQ-IF xmlns="{NAMESPACE}" xmlns:reqif-xhtml="{XHTML}"',
    data_types=_GROUPS,
)
POLARION = file(
    a_type("type", [("i", "ID", "STRING"), ("t", "Description", "STRING")]),
    an_object("rmf-1", value("STRING", "i", "PUMP-12") + value("STRING", "t", "The pump shall pump."))
    + '<SPEC-OBJECT IDENTIFIER="rmf-2"><VALUES/></SPEC-OBJECT>'
    + an_object("rmf-3", "<ATTRIBUTE-VALUE-COLOUR/>"),
    root=f'REQ-IF xmlns="{NAMESPACE}"',
)
ENTERPRISE_ARCHITECT = file(
    a_type("functional", [("i1", "ID", "STRING"), ("t1", "FUNC-TXT", "STRING")])
    + a_type("performance", [("i2", "ID", "STRING"), ("t2", "PERF-TXT", "STRING")]),
    an_object("o1", value("STRING", "i1", "R001") + value("STRING", "t1", "It pumps."), "functional")
    + an_object("o2", value("STRING", "i2", "R002") + value("STRING", "t2", "It pumps fast."), "performance"),
)
