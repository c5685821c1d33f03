# SPDX-License-Identifier: Apache-2.0
"""What the twin's servers ask of what they serve: registers of a device, a weighing cell, one timeline around them.

Nothing here does anything. Servers on one side and physics on the other know only this, so that a test can serve small
devices in place of the physics, and another library's server can take the place of ours.
"""
