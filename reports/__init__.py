# SPDX-License-Identifier: Apache-2.0
"""Evidence made from a recorded run: plots, Allure, summary."""
