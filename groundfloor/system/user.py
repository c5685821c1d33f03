# SPDX-License-Identifier: Apache-2.0
"""The user of this process, where only a number will do."""

import os
import sys

if sys.platform == "win32":
    import getpass

    def user_number() -> str:
        """Return what tells this user from all others of this computer."""
        try:
            return getpass.getuser()
        except (OSError, ImportError):  # no name in the environment
            return "0"

    def user_name() -> str:
        """Return the name of this user."""
        return user_number()

else:
    import pwd

    def user_number() -> str:
        """Return what tells this user from all others of this computer."""
        return str(os.getuid())

    def user_name() -> str:
        """Return the name of the user whose rights this process has."""
        try:
            return pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:
            return f"user {os.geteuid()}"
