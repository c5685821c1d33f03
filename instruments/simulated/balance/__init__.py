# SPDX-License-Identifier: Apache-2.0
"""The twin of the balance: what lies on it, what it shows, and MT-SICS over its line."""
