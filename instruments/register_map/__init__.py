# SPDX-License-Identifier: Apache-2.0
"""Register maps: which point of a device lies in which registers, and how a value is coded there."""
