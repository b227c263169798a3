"""A folder that is there whole or not at all.

Floor 2. Whatever is written goes into a hidden sibling on the same file system, reaches the disk, and takes its name in
one step; a lock beside it keeps a second writer away. The operating system lets go of a lock when its holder dies, so
nothing is ever left locked.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shlex
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cosim.errors import Complaint, StoreError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_BUSY: Final = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
FULL: Final = (errno.ENOSPC, errno.EDQUOT)
FORBIDDEN: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


def letter_about(error: OSError, folder: Path) -> StoreError:
    """Return the letter for a fault of the file system: what was found there and what to do.

    A full disk is no wrong input, so its exit code is 1.
    """
    again = "Nothing half-written was left. The same command with the same seed gives the same numbers."
    if error.errno in FULL:
        found = f"the disk is full ({_free(folder)} left)"
        do = f"free some, or name a folder on another disk with --out. {again}"
        letter = StoreError([Complaint(str(folder), "", found, "room for the tables", do)])
        letter.exit_code = 1
        return letter
    if error.errno in FORBIDDEN:
        found = f"writing is not permitted ({error.strerror or error})"
        return StoreError(
            [Complaint(str(folder), "", found, "a folder you may write to", f"name another with --out. {again}")]
        )
    found = f"the file system refused: {error.strerror or error}"
    return StoreError(
        [Complaint(str(folder), "", found, "a folder that can be made there", f"name another with --out. {again}")]
    )


def letter_about_report(error: OSError, folder: Path) -> StoreError:
    """Return the letter for figures or a page that could not be laid beside tables that are safe; exit code 1."""
    full = error.errno in FULL
    found = f"the disk is full ({_free(folder)} left)" if full else f"it cannot be written: {error.strerror or error}"
    do = f"the tables are safe in {folder}; make room, then `cosim report {shlex.quote(str(folder))}`"
    if not full:
        do = do.replace("make room", "let it be written")
    letter = StoreError([Complaint(str(folder), "", found, "room for figures and page", do)])
    letter.exit_code = 1
    return letter


def _free(folder: Path) -> str:
    """Return how much room is left where a folder is to be, in words."""
    for place in (folder, *folder.parents):
        with contextlib.suppress(OSError):
            return f"{shutil.disk_usage(place).free / 1e6:.1f} MB"
    return "nothing"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the right to write a folder while the block runs.

    Raises
    ------
    StoreError
        Somebody else is writing it now.
    """
    path = folder.with_name(f".{folder.name}.lock")
    descriptor = _take(path, folder)
    try:
        yield
    finally:
        # The name goes before the lock does, so that nobody takes a lock on a file about to vanish unnoticed.
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                path.unlink()
        os.close(descriptor)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                path.unlink()


def _take(path: Path, folder: Path) -> int:
    """Return the descriptor of a lock file that is ours and still bears its name."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if sys.platform == "win32":
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _BUSY:
                os.close(descriptor)
                do = "wait until it is done, or name another folder with --out"
                complaint = Complaint(str(folder), "", "another run is writing this folder now", "one writer", do)
                raise StoreError([complaint]) from None
            return descriptor  # a file system without locks: the one rename still keeps the folder whole
        with contextlib.suppress(FileNotFoundError):
            there, held = path.stat(), os.fstat(descriptor)
            if (there.st_ino, there.st_dev) == (held.st_ino, held.st_dev):
                return descriptor
        os.close(descriptor)  # its last holder took the name away between our opening and our locking


def _hidden(folder: Path, kind: str) -> Path:
    return folder.with_name(f".{folder.name}.{kind}-{uuid.uuid4().hex[:12]}")


def _left_behind(folder: Path, kind: str) -> list[Path]:
    return [one for one in folder.parent.iterdir() if one.name.startswith(f".{folder.name}.{kind}-")]


def begin_folder(folder: Path) -> Path:
    """Return a new hidden folder beside the one to be made; call it while holding the lock.

    What writers that were killed left behind is cleared away, and a folder caught between two names gets its own back.
    """
    for stray in _left_behind(folder, "old"):
        if not folder.exists():
            stray.rename(folder)
    for kind in ("partial", "old"):
        for stray in _left_behind(folder, kind):
            remove_folder(stray)
    partial = _hidden(folder, "partial")
    partial.mkdir()
    return partial


def remove_folder(folder: Path) -> None:
    """Take away a folder and all in it, and be silent where that cannot be done."""
    shutil.rmtree(folder, ignore_errors=True)


def put_in_place(partial: Path, folder: Path) -> None:
    """Give a finished hidden folder its name in one step; an older folder of that name stays until then."""
    sync_folder(partial)
    if not folder.exists():
        partial.rename(folder)
    elif _exchange(partial, folder):
        remove_folder(partial)
    else:
        old = _hidden(folder, "old")
        folder.rename(old)
        try:
            partial.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        remove_folder(old)
    sync_folder(folder.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where the system cannot."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return int(rename(here, os.fsencode(one), here, os.fsencode(other), ctypes.c_uint(swap))) == 0


def sync_file(path: Path) -> None:
    """Return when the file's bytes are on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Return when the folder's names are on the disk; some systems cannot promise it."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
