# SPDX-License-Identifier: Apache-2.0
"""The mathematics of the bench: uncertainty, gravimetry, delivery, latency, verdict, recordings.

Nothing here knows an instrument, a journal, a clock or pytest: it takes numbers and gives numbers with their
uncertainty, and is meant to be used from a notebook as well.
"""
