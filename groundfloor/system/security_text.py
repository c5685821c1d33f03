# SPDX-License-Identifier: Apache-2.0
"""What Windows says of the owner and the access list of a file, and who the user of this process is, in words."""

import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _OWNER_AND_LIST = 0x1 | 0x4
    _FILE_OBJECT, _REVISION, _QUERY, _TOKEN_USER = 1, 1, 0x8, 1

    def security_text(file: Path | int) -> str:
        """Return the security descriptor of a file or folder by name, or of an open file by number.

        Raises:
            OSError: Windows does not tell it.
        """
        advapi, found = ctypes.WinDLL("advapi32"), ctypes.c_void_p()
        rest = (_FILE_OBJECT, _OWNER_AND_LIST, None, None, None, None, ctypes.byref(found))
        if isinstance(file, int):
            code = advapi.GetSecurityInfo(wintypes.HANDLE(msvcrt.get_osfhandle(file)), *rest)
        else:
            code = advapi.GetNamedSecurityInfoW(ctypes.c_wchar_p(str(file)), *rest)
        if code:
            raise ctypes.WinError(code)
        try:
            return _words(
                lambda text: advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                    found, _REVISION, _OWNER_AND_LIST, text, None
                )
            )
        finally:
            _free(found)

    @lru_cache(maxsize=1)
    def own_identifier() -> str:
        """Return the security identifier of the user of this process.

        Raises:
            OSError: Windows does not tell it.
        """
        advapi, kernel = ctypes.WinDLL("advapi32"), ctypes.WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        token, length = wintypes.HANDLE(), wintypes.DWORD()
        if not advapi.OpenProcessToken(wintypes.HANDLE(kernel.GetCurrentProcess()), _QUERY, ctypes.byref(token)):
            raise ctypes.WinError()
        try:
            advapi.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(length))
            user = ctypes.create_string_buffer(length.value)
            if not advapi.GetTokenInformation(token, _TOKEN_USER, user, length, ctypes.byref(length)):
                raise ctypes.WinError()
            identifier = ctypes.cast(user, ctypes.POINTER(ctypes.c_void_p))[0]  # the first field of TOKEN_USER
            return _words(lambda text: advapi.ConvertSidToStringSidW(ctypes.c_void_p(identifier), text))
        finally:
            kernel.CloseHandle(token)

    def _words(ask: Callable[[object], int]) -> str:
        text = ctypes.c_wchar_p()
        if not ask(ctypes.byref(text)):
            raise ctypes.WinError()
        try:
            return text.value or ""
        finally:
            _free(ctypes.cast(text, ctypes.c_void_p))

    def _free(memory: ctypes.c_void_p) -> None:
        free = ctypes.WinDLL("kernel32").LocalFree
        free.argtypes, free.restype = (ctypes.c_void_p,), ctypes.c_void_p
        free(memory)
