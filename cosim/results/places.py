"""Where a store lies: a folder on a disk, or a prefix in an object store; both take a file whole or not at all.

Floor 2, and the only door of fsspec. A folder takes a file under a hidden name, lets it reach the disk, and gives it
its own name in one step; an object store takes it in a single put. Neither needs a lock.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import platform
import re
import shutil
import sys
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import fsspec
import pyarrow as pa

from cosim.errors import Complaint, StoreError
from cosim.results.folders import FORBIDDEN, FULL, sync_folder

OBJECT_STORES: Final = ("s3", "s3a", "gs", "gcs", "az", "abfs", "memory")
"""Those whose put is seen whole or not at all; others fsspec could reach make no such promise."""
AN_HOUR: Final = 3600.0
_PARTIAL: Final = re.compile(r"\..+\.(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-[0-9a-f]{8}\.partial")
_TRIES: Final = 3
_SAFE: Final = "Nothing half-written was left, and what was stored before is whole."


class Place(ABC):
    """Files under one root, named by relative paths with slashes.

    ``read`` and ``open`` let FileNotFoundError through: a file may go while others look, and the caller knows what
    that means. Every other fault is a letter.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def make(self) -> None:
        """Let the root be there."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Return whether nothing but hidden files lies under the root."""

    @abstractmethod
    def entries(self, folder: str) -> dict[str, int]:
        """Return the files of a folder that are not hidden, and the bytes of each; none if there is no folder."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """Return the content of a file."""

    @abstractmethod
    def open(self, path: str) -> Any:
        """Return a file that Arrow reads parts of."""

    @abstractmethod
    def put(self, path: str, content: bytes) -> None:
        """Let a file be there with this content, whole or not at all."""

    @abstractmethod
    def remove(self, path: str) -> None:
        """Let a file be gone."""

    @abstractmethod
    def sweep(self, folder: str) -> None:
        """Take away what writers that were killed left in a folder."""

    @contextlib.contextmanager
    def letters(self, path: str) -> Iterator[None]:
        """Turn faults of the system below into letters about a file."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self.letter(error, path) from error

    def letter(self, error: Exception, path: str) -> StoreError:
        """Return the letter about a fault of the system below."""
        number = getattr(error, "errno", None)
        if number in FULL:
            found, allowed = f"the disk is full{self._room()}", "room for the results"
            do = f"free some, or gather in a store on another disk and merge the two later. {_SAFE}"
        elif number in FORBIDDEN or isinstance(error, PermissionError):
            found, allowed = f"it is not permitted ({error})", "a store that you may read and write"
            do = f"ask for the right to, or name another store. {_SAFE}"
        else:
            found, allowed = f"{type(error).__name__}: {error}", "a place that can be reached"
            do = f"see that it can be reached, then give the same command again. {_SAFE}"
        letter = StoreError([Complaint(self.name, path, found, allowed, do)])
        if number in FULL:
            letter.exit_code = 1  # a full disk is no wrong input
        return letter

    def _room(self) -> str:
        return ""


class Folder(Place):
    """A folder on a file system of this machine or of its network."""

    def __init__(self, name: str, root: Path) -> None:
        super().__init__(name)
        self.root = root

    def make(self) -> None:
        """Make the folder and those above it."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self.letter(error, "") from error

    def is_empty(self) -> bool:
        """Return whether nothing but hidden files lies in the folder."""
        with self.letters(""):
            try:
                return all(one.startswith(".") for one in os.listdir(self.root))
            except FileNotFoundError:
                return True

    def entries(self, folder: str) -> dict[str, int]:
        """Return the files of a folder that are not hidden, and the bytes of each."""
        found: dict[str, int] = {}
        with self.letters(folder), contextlib.suppress(FileNotFoundError), os.scandir(self.root / folder) as there:
            for one in there:
                with contextlib.suppress(FileNotFoundError):
                    if not one.name.startswith(".") and one.is_file():
                        found[one.name] = one.stat().st_size
        return found

    def read(self, path: str) -> bytes:
        """Return the content of a file."""
        with self.letters(path):
            return (self.root / path).read_bytes()

    def open(self, path: str) -> Any:
        """Return a file that Arrow reads parts of."""
        with self.letters(path):
            return pa.OSFile(str(self.root / path))

    def put(self, path: str, content: bytes) -> None:
        """Write under a hidden name, wait for the disk, and give the file its name in one step."""
        target = self.root / path
        for last in (*[False] * (_TRIES - 1), True):
            try:
                with self.letters(path):
                    self._put_once(target, content)
                return
            except FileNotFoundError as error:
                # Somebody took our hidden file for a leftover: we slept for an hour, or are numbered anew somewhere.
                if last:
                    raise self.letter(error, path) from error

    def _put_once(self, target: Path, content: bytes) -> None:
        if not target.parent.is_dir():
            target.parent.mkdir(exist_ok=True)
            sync_folder(self.root)
        partial = target.with_name(f".{target.name}.{_machine()}-{os.getpid()}-{uuid.uuid4().hex[:8]}.partial")
        try:
            with partial.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, target)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink()
            raise
        sync_folder(target.parent)

    def remove(self, path: str) -> None:
        """Let a file be gone."""
        with self.letters(path):
            (self.root / path).unlink(missing_ok=True)

    def sweep(self, folder: str) -> None:
        """Take away hidden files whose writer is gone, and those of an hour ago whoever wrote them."""
        with contextlib.suppress(OSError):  # a store one may only read is swept by those who write it
            for path in (self.root / folder).iterdir():
                told = _PARTIAL.fullmatch(path.name)
                if told is None:
                    continue
                with contextlib.suppress(FileNotFoundError):
                    mine = told["machine"] == _machine()
                    if (mine and not _lives(int(told["process"]))) or time.time() - path.stat().st_mtime > AN_HOUR:
                        path.unlink()

    def _room(self) -> str:
        with contextlib.suppress(OSError):
            return f" ({shutil.disk_usage(self.root).free / 1e6:.1f} MB left)"
        return ""


@functools.cache
def _machine() -> str:
    """Return a mark of where process numbers mean what they mean here: this machine, this start, this container."""
    marks = [platform.node()]
    with contextlib.suppress(OSError):
        marks.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii"))
        marks.append(os.readlink("/proc/self/ns/pid"))
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:8]


def _lives(process: int) -> bool:
    """Return whether a process of this machine is there; where one cannot ask, the hour decides."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


class Bucket(Place):
    """A prefix in an object store, reached through fsspec; keys and address come from the environment."""

    def __init__(self, name: str, system: Any, root: str) -> None:
        super().__init__(name)
        self._system, self._root = system, root.rstrip("/")

    @contextlib.contextmanager
    def letters(self, path: str) -> Iterator[None]:
        """Turn every fault into a letter: what the libraries below raise when a net is down has no common family."""
        try:
            yield
        except (FileNotFoundError, StoreError):
            raise
        except Exception as error:
            raise self.letter(error, path) from error

    def _full(self, path: str) -> str:
        return f"{self._root}/{path}".rstrip("/")

    def make(self) -> None:
        """Do nothing: a prefix is there as soon as something bears it."""

    def is_empty(self) -> bool:
        """Return whether nothing bears the prefix."""
        with self.letters(""):
            self._system.invalidate_cache()
            try:
                return not self._system.ls(self._root, detail=False)
            except FileNotFoundError:
                return True

    def entries(self, folder: str) -> dict[str, int]:
        """Return the files of a folder and the bytes of each, asked for anew: others write too."""
        with self.letters(folder):
            self._system.invalidate_cache()
            try:
                there = self._system.ls(self._full(folder), detail=True)
            except FileNotFoundError:
                return {}
        files = {one["name"].rsplit("/", 1)[-1]: int(one["size"] or 0) for one in there if one["type"] == "file"}
        return {name: size for name, size in files.items() if name and not name.startswith(".")}

    def read(self, path: str) -> bytes:
        """Return the content of a file."""
        with self.letters(path):
            return bytes(self._system.cat_file(self._full(path)))

    def open(self, path: str) -> Any:
        """Return a file that fetches just the parts Arrow asks for."""
        with self.letters(path):
            return pa.PythonFile(_Parts(self, path, int(self._system.size(self._full(path)))), mode="r")

    def part(self, path: str, begin: int, end: int) -> bytes:
        """Return some of the bytes of a file."""
        with self.letters(path):
            return bytes(self._system.cat_file(self._full(path), start=begin, end=end))

    def put(self, path: str, content: bytes) -> None:
        """Put a file at once."""
        try:
            with self.letters(path):
                self._system.pipe_file(self._full(path), content)
        except FileNotFoundError as error:
            raise self.letter(error, path) from error

    def remove(self, path: str) -> None:
        """Let a file be gone."""
        with self.letters(path), contextlib.suppress(FileNotFoundError):
            self._system.rm_file(self._full(path))

    def sweep(self, folder: str) -> None:
        """Do nothing: what was not put whole is not there."""


class _Parts(io.RawIOBase):
    """A file in an object store as Arrow wants it: where one is, how long it is, and some bytes from here."""

    def __init__(self, bucket: Bucket, path: str, size: int) -> None:
        self._bucket, self._path, self._size, self._at = bucket, path, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._size if size < 0 else min(self._at + size, self._size)
        found = self._bucket.part(self._path, self._at, end) if end > self._at else b""
        self._at += len(found)
        return found


def open_place(place: str | Path) -> Place:
    """Return the place that a folder's path or an address such as ``s3://bucket/study`` names.

    Raises
    ------
    StoreError
        An address of another kind, or one whose package is not installed.
    """
    name = str(place)
    kind, colon, rest = name.partition("://")
    if not colon:
        return Folder(name, Path(os.path.abspath(name)))
    if kind == "file":
        return Folder(name, Path(os.path.abspath(rest)))
    if kind not in OBJECT_STORES:
        do = "gather in a folder and copy it there afterwards"
        allowed = f"a folder, or {', '.join(one + '://' for one in OBJECT_STORES)}"
        raise StoreError([Complaint(name, "", f"an address of kind {kind}://", allowed, do)])
    try:
        system, root = fsspec.core.url_to_fs(name)
    except ImportError as error:
        do = "install cosim with what clouds need: cosim[cloud] for s3://, the package just named for others"
        raise StoreError([Complaint(name, "", str(error), "an installed package that reaches it", do)]) from error
    return Bucket(name, system, root)
