# SPDX-License-Identifier: Apache-2.0
"""What people decide about a run when it is over: dispositions of its anomalies, each a signed entry of its own."""

from reports.audit.anomaly import Anomaly, AuditRecord, Disposition, anomalies_of

__all__ = ["Anomaly", "AuditRecord", "Disposition", "anomalies_of"]
