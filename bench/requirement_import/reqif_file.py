# SPDX-License-Identifier: Apache-2.0
"""Requirements from ReqIF, object by object: what one maker's export has wrong costs one object, not the file.

The parts are read by the library `reqif`, whose reader of whole files gives up at the first part that it does not know.
Nothing that it names is loaded: such a file comes from outside.
"""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree
from reqif.helpers.lxml import lxml_strip_namespace_from_xml
from reqif.parsers.data_type_parser import DataTypeParser
from reqif.parsers.spec_object_parser import SpecObjectParser
from reqif.parsers.spec_types.spec_object_type_parser import SpecObjectTypeParser

from bench.requirement_import.columns import Columns
from bench.requirement_import.imported import Imported
from groundfloor.errors import PlanError
from groundfloor.printable import one_line
from groundfloor.regular_file import read_regular

MOST_BYTES = 1 << 27
CONTENT = "CORE-CONTENT/REQ-IF-CONTENT"
OBJECT_ID = "IDENTIFIER"
"""The attribute of the object itself, unique but of no use to people; taken where no other was found or named."""


def read_reqif(path: Path, columns: Columns) -> Imported:
    """Read a `.reqif`, or the first one in a `.reqifz`.

    Raises:
        PlanError: it is no ReqIF, or no attribute holds texts.
    """
    root = _root(path)
    content = root.find(CONTENT)
    if content is None:
        raise PlanError(f"ReqIF {path}", "read", f"it has no {CONTENT}", "export it again")
    skipped: list[str] = []
    labels = dict(_enumerations(content, skipped))
    names = dict(_attribute_names(content, skipped))
    named = columns.found_among([*names.values(), OBJECT_ID] if columns.id else names.values())
    if not named.id and not columns.id:
        named = replace(named, id=OBJECT_ID)
    named.refuse_unnamed(f"ReqIF {path}", sorted(set(names.values())))
    rows = []
    for number, node in enumerate(_nodes(content, "SPEC-OBJECTS"), start=1):
        where = f"object {number} ({one_line(str(node.get(OBJECT_ID)), 60)})"
        try:
            values = _values(node, names, labels)
        except Exception as misfit:  # noqa: BLE001  # whatever the library makes of an element that it does not know
            skipped.append(f"{where}: {_why(misfit)}")
            continue
        rows.append(named.row(where, values))
    return Imported.of(rows, skipped)


def _root(path: Path) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.ElementTree(etree.fromstring(_content(path), parser))
    except (OSError, zipfile.BadZipFile, etree.XMLSyntaxError) as broken:
        raise PlanError(f"ReqIF {path}", "read", one_line(str(broken)), "name a ReqIF file") from broken
    if tree.docinfo.doctype:
        raise PlanError(f"ReqIF {path}", "read", "it has a DOCTYPE, and so may name other files", "export it without")
    root = lxml_strip_namespace_from_xml(tree).getroot()
    if root.tag != "REQ-IF":
        raise PlanError(f"ReqIF {path}", "read", f"its root is {root.tag}, not REQ-IF", "name a ReqIF file")
    return root


def _content(path: Path) -> bytes:
    content = read_regular(path, MOST_BYTES)
    if not zipfile.is_zipfile(path):
        return content
    with zipfile.ZipFile(path) as packed:
        inside = [one for one in packed.infolist() if one.filename.endswith((".reqif", ".xml"))]
        if not inside or inside[0].file_size > MOST_BYTES:
            raise OSError(f"it holds no .reqif of at most {MOST_BYTES} bytes")
        return packed.read(inside[0])


def _nodes(content: Any, part: str) -> Iterator[Any]:
    found = content.find(part)
    return (node for node in (found if found is not None else ()) if isinstance(node.tag, str))


def _attribute_names(content: Any, skipped: list[str]) -> Iterator[tuple[str, str]]:
    for node in _nodes(content, "SPEC-TYPES"):
        if node.tag != "SPEC-OBJECT-TYPE":
            continue
        try:
            definitions = SpecObjectTypeParser.parse(node).attribute_definitions or ()
        except Exception as misfit:  # noqa: BLE001  # as above
            skipped.append(f"type {one_line(str(node.get('LONG-NAME')), 60)}: {_why(misfit)}")
            continue
        yield from ((one.identifier, one.long_name or one.identifier) for one in definitions)


def _enumerations(content: Any, skipped: list[str]) -> Iterator[tuple[str, str]]:
    for node in _nodes(content, "DATATYPES"):
        if node.tag != "DATATYPE-DEFINITION-ENUMERATION":
            continue
        try:
            values = DataTypeParser.parse(node).values or ()
        except Exception as misfit:  # noqa: BLE001  # as above
            skipped.append(f"enumeration {one_line(str(node.get('LONG-NAME')), 60)}: {_why(misfit)}")
            continue
        yield from ((one.identifier, one.long_name or one.identifier) for one in values)


def _values(node: Any, names: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    found = {OBJECT_ID: str(node.get(OBJECT_ID) or "")}
    for one in SpecObjectParser.parse(node).attributes:
        name = names.get(one.definition_ref, one.definition_ref)
        if isinstance(one.value, list):
            found[name] = ", ".join(labels.get(value, value) for value in one.value)
        elif one.xml_node is not None and one.xml_node.find("THE-VALUE") is not None:
            found[name] = _flat(one.xml_node.find("THE-VALUE"))
        else:
            found[name] = str(one.value)
    return found


def _flat(value: Any) -> str:
    """Return the text of formatted text, with a space wherever an element begins or ends."""
    return " ".join(" ".join(value.itertext()).split())


def _why(misfit: Exception) -> str:
    return f"it cannot be read ({type(misfit).__name__}{': ' if str(misfit) else ''}{one_line(str(misfit), 80)})"
