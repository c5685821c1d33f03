# SPDX-License-Identifier: Apache-2.0
"""Register maps: which point of a device lies in which registers, and how a value is coded there.

A `RegisterMap` is read from TOML; a `Block` of it is one request; `codec.py` is the only place that turns values into
registers and back. `table.py` makes the page in `docs/` of the same maps.
"""
