# SPDX-License-Identifier: Apache-2.0
"""The verification protocol: chapters of pytest tests, pump profiles, requirements."""
