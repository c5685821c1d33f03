# SPDX-License-Identifier: Apache-2.0
"""Which code each version of a method stands for: `known_code.toml`, held against the code and written by this module.

python -m bench.methods
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.methods.code_sha256 import code_sha256
from bench.methods.method import Method
from bench.methods.table import METHODS
from groundfloor.errors import PlanError
from groundfloor.toml_file import parsed_toml

FILE = Path(__file__).with_suffix(".toml")
_HEAD = """\
# SPDX-License-Identifier: Apache-2.0
# Written by `python -m bench.methods`: version and code of each method in table.py.
"""


@dataclass(frozen=True)
class KnownCode:
    """Version and SHA-256 of each method's code, by its name."""

    methods: Mapping[str, tuple[str, str]]

    @classmethod
    def read(cls, file: Path = FILE) -> Self:
        """Read what stands in the file."""
        content = parsed_toml(file.read_bytes()) if file.is_file() else {}
        return cls({name: (str(one["version"]), str(one["sha256"])) for name, one in content.items()})

    def troubles(self, methods: Sequence[Method] = METHODS) -> Iterator[str]:
        """Yield a sentence for each method that is not what is known of it, with what to do."""
        for one in methods:
            version, known = self.methods.get(one.name, ("", ""))
            changed = known != code_sha256(one.modules)
            if changed and version == one.version:
                yield (
                    f"the code of the method {one.name!r} was changed, and its version is still {version}: raise it in "
                    "bench/methods/table.py (the major one if any figure or verdict may come out otherwise, else the "
                    "minor one), then run python -m bench.methods"
                )
            elif changed or version != one.version:
                yield (
                    f"the method {one.name!r} is {one.version}, known is {version or 'none'}: "
                    "run python -m bench.methods"
                )
        for name in self.methods.keys() - {one.name for one in methods}:
            yield f"the method {name!r} is gone: run python -m bench.methods"

    def with_todays(self, methods: Sequence[Method] = METHODS) -> str:
        """Return the file anew.

        Raises:
            PlanError: the code of a method was changed, and its version was not raised.
        """
        if silent := [trouble for trouble in self.troubles(methods) if "is still" in trouble]:
            raise PlanError("methods", "write their hashes", silent[0], "raise the version first")
        told = (
            f'\n["{one.name}"]\nversion = "{one.version}"\nsha256 = "{code_sha256(one.modules)}"\n' for one in methods
        )
        return _HEAD + "".join(told)
