# SPDX-License-Identifier: Apache-2.0
"""The wires of the twin: servers, pseudo-terminals, the control line, and the proxy that makes wires bad."""
