# SPDX-License-Identifier: Apache-2.0
"""The command a person types: one file per sub-command."""
