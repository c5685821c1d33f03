# SPDX-License-Identifier: Apache-2.0
"""The twin as a whole: pump, rig and balance on one timeline, in this process or in one of its own.

`Twin.assemble` builds it, `process.py` serves it, `TwinChild` keeps such a process for as long as a `with` block lasts.
"""
