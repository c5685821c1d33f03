# SPDX-License-Identifier: Apache-2.0
"""Loads the bench's fixtures; nothing else."""

pytest_plugins = ["fixtures.plugin"]
