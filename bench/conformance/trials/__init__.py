# SPDX-License-Identifier: Apache-2.0
"""The trials, a file per part of a rig; each ends with its rules in the order of the page."""
