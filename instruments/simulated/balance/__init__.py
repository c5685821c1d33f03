# SPDX-License-Identifier: Apache-2.0
"""The twin of the balance: a weighing cell, and one line protocol in front of it.

`weighing.py` is the cell: what lies on it, drift, noise, zero and tare. `balance_server.py` serves it to hosts, and
leaves every byte to a dialect. `dialects.py` is the table of those; the files of one begin with its name.
"""
