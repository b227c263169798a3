"""How the engine is compiled, and where the machine code is kept.

Numba keeps compiled code on disk and looks only at the file of the function itself to see whether it is stale; a rule
changed in another file would silently go unnoticed. So the folder is named by a hash of all the engine's sources and
of the versions that compiled them: another source, another folder.

``error_model="numpy"`` because a kernel must not raise; no ``fastmath``, because the plain twin must agree to the bit
(a fused or reordered sum would not). The compiler may put like steps that stand beside each other into one instruction
(the four sectors' trust, say), which numba leaves off unless asked; it changes no bit.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core.caching import FunctionCache
from numba.core.compiler_lock import global_compiler_lock


def engine_fingerprint() -> str:
    """Return a hash (16 hex digits) of the engine's sources, the compiler's versions and the processor's kind."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for source in [folder.parent / "vocabulary.py", *sorted(folder.rglob("*.py"))]:
        digest.update(source.relative_to(folder.parent).as_posix().encode())
        digest.update(source.read_bytes())
    versions = (numba.__version__, np.__version__, sys.version_info[:3], platform.machine())
    digest.update(repr(versions).encode())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return a writable folder for compiled code: ``COSIM_CACHE``, else the user's cache, else a private temporary one.

    The last resort is a folder of this process alone, taken away when it ends; then every process compiles anew.
    """
    candidates = [
        os.environ.get("COSIM_CACHE"),
        os.environ.get("XDG_CACHE_HOME") and f"{os.environ['XDG_CACHE_HOME']}/cosim",
        os.environ.get("LOCALAPPDATA") and f"{os.environ['LOCALAPPDATA']}/cosim",
        _home_cache(),
        _own_temporary(),
    ]
    for candidate in candidates:
        if not candidate:
            continue
        folder = Path(candidate) / "compiled" / engine_fingerprint()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    folder = Path(tempfile.mkdtemp(prefix="cosim-compiled-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def has_compiled() -> bool:
    """Return whether a whole run has been compiled for these sources: its last part lies on the disk."""
    return next(cache_folder().rglob("*live_months*.nbi"), None) is not None


def _home_cache() -> str | None:
    """Return the cache folder in the user's home, None where there is no home."""
    try:
        return str(Path("~/.cache/cosim").expanduser())
    except RuntimeError:
        return None


def _own_temporary() -> str | None:
    """Return a temporary folder that is the user's own and nobody else may write to, None where that cannot be had.

    Compiled code is loaded and run, so a folder that somebody else could have filled is never used.
    """
    if not hasattr(os, "getuid"):
        return None
    folder = Path(tempfile.gettempdir()) / f"cosim-{os.getuid()}"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if found.st_uid == os.getuid() and not found.st_mode & 0o022 and not folder.is_symlink():
            return str(folder)
    return None


class ForgivingCache(FunctionCache):
    """Numba's cache on disk, which never stops a run: what is damaged or does not fit on the disk is compiled anew."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled code of a signature, None if it is not there or cannot be read."""
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception:
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep compiled code; where the index is damaged begin it anew, where the disk is full go without."""
        with contextlib.suppress(Exception):
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
            return
        with contextlib.suppress(Exception):
            self.flush()  # type: ignore[no-untyped-call]
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]


_FOLDER = str(cache_folder())


def compiled(function: Callable[..., Any]) -> Any:
    """Return the function compiled on first use, without the interpreter's lock, kept on disk."""
    return _decorate(function)


def kernel(function: Callable[..., Any]) -> Any:
    """Return a function compiled like the others that only borrows: it makes no array and keeps none.

    Who calls it holds the arrays until it returns, so it counts no references: numba would count at every call and
    every row taken in hand, in a way that is safe for threads and therefore slow (at 136 places in the arenas' month).
    """
    return _decorate(function, _nrt=False)


def inlined(function: Callable[..., Any]) -> Any:
    """Return a small rule, which borrows too, compiled so that the optimiser melts it into the loop that calls it."""
    return _decorate(function, _nrt=False, forceinline=True)


def _decorate(function: Callable[..., Any], **options: Any) -> Any:
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = _FOLDER
    try:
        dispatcher = numba.njit(nogil=True, error_model="numpy", **options)(function)
        # The cache is numba's own but for its manners; it takes its folder from the configuration when it is made.
        dispatcher._cache = ForgivingCache(function)  # type: ignore[no-untyped-call]
        dispatcher.compile = _side_by_side(dispatcher.compile)
        return dispatcher
    finally:
        config.CACHE_DIR = before


def _side_by_side(compile_signature: Callable[..., Any]) -> Callable[..., Any]:
    """Return a dispatcher's way to compile with like steps put side by side; other packages' code is left as it is."""

    @functools.wraps(compile_signature)
    def compile_so(signature: Any) -> Any:
        with global_compiler_lock:
            config: Any = numba.config
            before = config.SLP_VECTORIZE
            config.SLP_VECTORIZE = 1
            try:
                return compile_signature(signature)
            finally:
                config.SLP_VECTORIZE = before

    return compile_so
