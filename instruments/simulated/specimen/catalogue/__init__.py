# SPDX-License-Identifier: Apache-2.0
"""The rows of the catalogue, a file for each part of a pump or a bench that can be bad.

`change.py` says which fault of a twin a row sets, `where.py` in which test it shows. A further row stands in the file
of its part; `defects.py` knows all of them.
"""
