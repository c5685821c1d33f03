# SPDX-License-Identifier: Apache-2.0
"""Plug-ins: what a lab adds without touching pumpbench, found through one table.

`Kind` names what there can be. A plug-in is an entry point of an installed distribution, or a line of the project file;
`PlugInTable` is the mapping in which both stand beside what comes with pumpbench. Nothing is imported until somebody
asks for it by its name.
"""

from groundfloor.plug_ins.code_files import code_of_distributions, files_of_project, together
from groundfloor.plug_ins.kind import Kind
from groundfloor.plug_ins.offer import OF_BENCH_FILE, Offer, offers_of
from groundfloor.plug_ins.plug_in_table import PlugInTable

__all__ = [
    "OF_BENCH_FILE",
    "Kind",
    "Offer",
    "PlugInTable",
    "code_of_distributions",
    "files_of_project",
    "offers_of",
    "together",
]
