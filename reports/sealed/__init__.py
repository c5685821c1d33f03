# SPDX-License-Identifier: Apache-2.0
"""The sealed record: a run's folder bound file by file, signed, and verified offline by whoever gets it."""
