# SPDX-License-Identifier: Apache-2.0
"""The record as a text document, for laboratories whose forms are such."""
