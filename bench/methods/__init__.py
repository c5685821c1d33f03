# SPDX-License-Identifier: Apache-2.0
"""The methods by which figures and verdicts are made, each with a version that every record tells."""

from bench.methods.code_sha256 import code_sha256
from bench.methods.known_code import KnownCode
from bench.methods.method import Method
from bench.methods.table import METHODS, changed_methods, method_versions

__all__ = ["METHODS", "KnownCode", "Method", "changed_methods", "code_sha256", "method_versions"]
