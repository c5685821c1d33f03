# SPDX-License-Identifier: Apache-2.0
"""The twin of the rig: actuators with their sensors, watchdog, lease, safe state."""
