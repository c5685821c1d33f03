# SPDX-License-Identifier: Apache-2.0
"""The twin of the rig controller: actuators, the sensors that watch them, watchdog, lease, safe state.

An actuator and its sensor are two things, so that a dead clamp is found out by its sensor.
"""
