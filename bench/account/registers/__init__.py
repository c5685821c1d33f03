# SPDX-License-Identifier: Apache-2.0
"""What a pump says in its registers, held against what the bench knows: one examiner a file.

All of it is compared by the pump's own clock, which stands in the same answer as the register; so no clock of another
device, and no delay on a wire, comes in between.
"""
