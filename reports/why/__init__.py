# SPDX-License-Identifier: Apache-2.0
"""From a number that stands anywhere in a record back to what it rests on."""
