# SPDX-License-Identifier: Apache-2.0
"""What the operating system decides, with an implementation for POSIX systems and one for Windows.

No other room asks which system it runs on, and none imports a module that only one of them has.
"""
