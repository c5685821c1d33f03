# SPDX-License-Identifier: Apache-2.0
"""Balances that speak MT-SICS: dialogue, replies, settings, driver."""
