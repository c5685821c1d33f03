# SPDX-License-Identifier: Apache-2.0
"""What stands on the table: one driver per thing; their twins are in `instruments.simulated`."""
