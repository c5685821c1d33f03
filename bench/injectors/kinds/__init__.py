# SPDX-License-Identifier: Apache-2.0
"""The injectors there are, one in each file; the table finds every `INJECTOR` here."""
