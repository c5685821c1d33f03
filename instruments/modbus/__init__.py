# SPDX-License-Identifier: Apache-2.0
"""Pump and rig behind Modbus: the wires (TCP, RTU), the line that pairs replies with requests, and the drivers."""
