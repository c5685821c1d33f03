# SPDX-License-Identifier: Apache-2.0
"""The runs of a folder: which there are, what rests on an instrument, how two of them differ, what has grown stale.

The run folders are the library; what is kept beside them is an index, made again whenever a folder is newer than it.
Its modules are imported one by one: a list of a thousand runs waits for nothing that it does not need.
"""
