"""How the engine is compiled, and where the machine code is kept.

Numba keeps compiled code on disk and looks only at the file of the function itself to see whether it is stale; a rule
changed in another file would silently go unnoticed. So the folder is named by a hash of all the engine's sources and
of the versions that compiled them: another source, another folder.

``error_model="numpy"`` because a kernel must not raise; no ``fastmath``, because the plain twin must agree to the bit
(a fused or reordered sum would not).
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np


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
    """Return a writable folder for compiled code: ``COSIM_CACHE``, else the user's cache, else a temporary one."""
    candidates = [
        os.environ.get("COSIM_CACHE"),
        os.environ.get("XDG_CACHE_HOME") and f"{os.environ['XDG_CACHE_HOME']}/cosim",
        os.environ.get("LOCALAPPDATA") and f"{os.environ['LOCALAPPDATA']}/cosim",
        str(Path("~/.cache/cosim").expanduser()),
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
    return Path(tempfile.mkdtemp(prefix="cosim-compiled-"))


_FOLDER = str(cache_folder())


def compiled(function: Callable[..., Any]) -> Any:
    """Return the function compiled on first use, without the interpreter's lock, kept on disk."""
    return _decorate(function, inline=False)


def inlined(function: Callable[..., Any]) -> Any:
    """Return a small rule compiled so that the optimiser may melt it into the loop that calls it."""
    return _decorate(function, inline=True)


def _decorate(function: Callable[..., Any], *, inline: bool) -> Any:
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = _FOLDER
    try:
        options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
        if inline:
            options["forceinline"] = True
        return numba.njit(**options)(function)
    finally:
        config.CACHE_DIR = before
