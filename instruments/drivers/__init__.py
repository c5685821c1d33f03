# SPDX-License-Identifier: Apache-2.0
"""Drivers by the names that a bench file calls them, and how each opens its device.

A bench file says `driver = "modbus"` or `dialect = "mt-sics"`; `table.py` leads from that word to the code, and no
other file knows both. Whoever opens a device (a run, the keeper, `doctor`) goes this way, so one more driver is one
file and one row.
"""
