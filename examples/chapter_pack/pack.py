# SPDX-License-Identifier: Apache-2.0
"""A chapter pack: chapters that a lab shares with others, with the requirements that they verify.

[plan]
packs = ["quarter"]

[plugins.chapters]
quarter = "plugins/chapter_pack/pack.py:PACK"
"""

from pathlib import Path

from fixtures.chapter_pack import ChapterPack

PUMPBENCH_INTERFACE = 1
HERE = Path(__file__).parent
PACK = ChapterPack(HERE, HERE / "requirements.toml", bad_pumps=("rate_bias=0.2",))
