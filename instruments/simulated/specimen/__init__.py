# SPDX-License-Identifier: Apache-2.0
"""One individual of a twin: what its model promises, how this one differs, and the catalogue of defects."""
