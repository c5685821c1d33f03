# SPDX-License-Identifier: Apache-2.0
"""The twin of the pump: what its maker's firmware does.

`firmware.py` takes commands and refuses them, `therapy_modes.py` makes rates of a program, the watches raise alarms,
the logs keep them; `registers.py` shows all of it by the names of the register map. Where the fluid goes is physics'
part.
"""
