# SPDX-License-Identifier: Apache-2.0
"""What every floor stands on: errors, the machine's clock, files that people write, words for numbers and times."""
