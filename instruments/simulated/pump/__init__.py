# SPDX-License-Identifier: Apache-2.0
"""The twin of the pump: firmware, therapy modes, alarms, logs, registers."""
