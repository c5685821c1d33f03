# SPDX-License-Identifier: Apache-2.0
"""The protocol frozen and signed before a run, and the run held against it."""

from reports.frozen.protocol_deviation import ProtocolDeviation, ProtocolRecord

__all__ = ["ProtocolDeviation", "ProtocolRecord"]
