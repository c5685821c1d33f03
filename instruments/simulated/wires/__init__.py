# SPDX-License-Identifier: Apache-2.0
"""The wires of the twin: servers, pseudo-terminals, the control line, and the proxy that makes wires bad.

Servers know addresses and bytes; `RegisterBank` turns the one into names of points. A proxy stands between a driver and
any device, and spoils what passes by a seeded schedule.
"""
