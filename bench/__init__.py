# SPDX-License-Identifier: Apache-2.0
"""The bench itself: therapy, gravimetry, delivery, alarms, verdict, journal, clock, safety, assembly.

Nothing here knows pytest or Allure, so a run can be made from a script or a notebook.
"""
