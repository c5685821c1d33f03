# SPDX-License-Identifier: Apache-2.0
"""PyVISA as a transport of bytes; the splitting into lines and the total deadline are ours."""
