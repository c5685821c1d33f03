# SPDX-License-Identifier: Apache-2.0
"""One individual of a twin: what its model promises, how this one differs, and the catalogue of defects.

A `TwinSpecification` says how the devices are built; a defect of `defects.py` changes one thing in it. A `Specimen` is
what no two of a kind share, drawn from the seed.
"""
