# SPDX-License-Identifier: Apache-2.0
"""The verification record as a PDF for a design history file: what the page shows, on paper, with room to sign."""
