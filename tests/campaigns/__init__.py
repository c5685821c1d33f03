# SPDX-License-Identifier: Apache-2.0
"""Campaigns: hundreds of whole runs on twins, and the pages that are made of what came of them."""
