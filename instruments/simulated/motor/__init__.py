# SPDX-License-Identifier: Apache-2.0
"""The motor of the simulated pump: what it makes of the rate that the firmware asks for.

A good motor turns as it is asked to. What a bad one does is a list of pushes, each with a beginning and an end.
"""
