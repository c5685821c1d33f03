# SPDX-License-Identifier: Apache-2.0
"""What every run imports: a process that has it already is forked for each run, which saves seconds.

Also what a run imports when it is over, to tell of its views; pandas among it takes half a second.
"""

import gc
from importlib import import_module

from bench.run import own_code_sha256
from fixtures.plugin import pytest_plugins
from groundfloor.plug_ins.code_files import code_of_distributions
from instruments.register_map.map import RegisterMap
from metrology.loaded_in_time import load_what_judging_uses

_AT_THE_END = ("reports.allure_html", "reports.page")

for _module in ("allure_pytest.plugin", "cli.main", "cli.run", *pytest_plugins, *_AT_THE_END):
    import_module(_module)
load_what_judging_uses()
for _name in ("pump", "rig"):
    RegisterMap.named(_name)
own_code_sha256()  # of what was imported; kept, as the next is
code_of_distributions()
gc.collect()
gc.freeze()  # no run looks through all of it for garbage again, nor copies it for that
