# SPDX-License-Identifier: Apache-2.0
"""The time of the twin: a timeline of events, and who moves it.

Devices plan what they will do on the `Timeline`. `TwinTime` moves it: with the machine's time, faster, or only when the
bench says so.
"""
