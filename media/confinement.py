"""Shuts this process and its children out of the computer, by Landlock: files but those that are named, and TCP.

Linux alone has it, from 5.13 on for files and from 6.7 on for TCP, and whoever runs the kernel may have left it out: then nothing happens.
The numbers are those of the kernel's include/uapi/linux/landlock.h, the same on every architecture that Python wheels are made for.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, PATH_BENEATH, NO_NEW_PRIVILEGES = 1, 1, 38
EXECUTE, WRITE_FILE, READ_FILE, READ_DIRECTORY = 1 << 0, 1 << 1, 1 << 2, 1 << 3
READING = EXECUTE | READ_FILE | READ_DIRECTORY
SOCKETS = 1 << 5 | 1 << 9  # make a socket, and remove a file: Landlock does not tell a socket's removal apart
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14  # the last is TRUNCATE
ALL_OF_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
"""What can be forbidden by version of Landlock; what later versions add (ioctl on devices) is not needed."""
ALL_OF_TCP, TCP_SINCE = 0b11, 4  # bind and connect


def version() -> int:
    """Return the kernel's version of Landlock; 0 where it has none."""
    return max(_libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION), 0)


def confine(*, read: Iterable[Path], write: Iterable[Path], sockets: Iterable[Path] = ()) -> None:
    """Leave only these files and folders to be read or run, only those to be written as well, those for sockets, and no TCP. For good.

    A path that does not exist is passed over. Raises OSError if the kernel has Landlock and refuses it.
    """
    known = version()
    if not known:
        return
    files = ALL_OF_FILES[min(known, max(ALL_OF_FILES))]
    asked = struct.pack("=QQ", files, ALL_OF_TCP) if known >= TCP_SINCE else struct.pack("=Q", files)
    rules = _call(CREATE_RULESET, asked, ctypes.c_size_t(len(asked)), 0)
    try:
        for paths, allowed in ((read, READING), (write, files), (sockets, SOCKETS)):
            for path in paths:
                if path.exists():
                    _allow(rules, path, allowed & files)
        if _libc().prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no_new_privs was refused")
        _call(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, allowed: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        _call(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", allowed if path.is_dir() else allowed & OF_FILES, place), 0)
    finally:
        os.close(place)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    answer: int = _libc().syscall(number, *arguments)
    if answer < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return answer
