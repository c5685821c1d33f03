# SPDX-License-Identifier: Apache-2.0
"""Balances that are asked for a weight in a word and answer with a line: one driver, and one small table per dialect.

`plain_balance.py` is the driver, `dialogue.py` the handling of lines below it; neither knows a make. What differs from
make to make stands in a `Dialect`: the words to send, and how a line is read. A dialect is one file here, with what is
documented and what is *assumed* of it in its docstring, and a row in `instruments/drivers/table.py`.
"""
