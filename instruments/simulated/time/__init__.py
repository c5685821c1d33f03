# SPDX-License-Identifier: Apache-2.0
"""The time of the twin: its clock, its timeline of events, and what a device owes to it."""
