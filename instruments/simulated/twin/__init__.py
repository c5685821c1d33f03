# SPDX-License-Identifier: Apache-2.0
"""The twin as a whole: pump, rig and balance on one timeline, in this process or in one of its own."""
