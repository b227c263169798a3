"""The practical limit: the engine's month as tuned C++ in 32-bit numbers, compiled on the spot.

Reads the engine's own initial arrays and writes the engine's own logs, so that both can be compared column by column.
Needs g++; without it the benchmark leaves the column empty.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from cosim.engine import address, logs, state, theory
from cosim.engine.state import State, World

HERE = Path(__file__).parent
SOURCES = ("month.cpp", "between.h", "world.h", "lanes.h")
FLAGS = ("-std=c++20", "-O3", "-march=native", "-ffast-math", "-fno-strict-aliasing", "-fPIC")
KINDS = {
    "f8": "double",
    "f4": "float",
    "i8": "int64_t",
    "i4": "int32_t",
    "i2": "int16_t",
    "i1": "int8_t",
    "u4": "uint32_t",
    "u1": "uint8_t",
}
NEVER = ("arenas_recruitment", "join_rule", "search_copy_error", "search_rule", "context_scandal")
"""Settings of which the C++ knows only zero."""


def struct_of(name: str, dtype: np.dtype[np.void], kind: str | None = None) -> str:
    """Return the C++ struct of a record type, all of its numbers of one kind if one is named."""
    lines = []
    for field in dtype.names or ():
        base, shape = dtype[field].base, dtype[field].shape
        extent = "".join(f"[{n}]" for n in shape)
        lines.append(f"    {KINDS[kind or base.str[1:]]} {field}{extent};")
    attribute = "" if dtype.isalignedstruct or kind else "__attribute__((packed)) "
    check = "" if kind else f'static_assert(sizeof({name}) == {dtype.itemsize}, "{name}");\n'
    return f"struct {attribute}{name} {{\n" + "\n".join(lines) + "\n};\n" + check


def layout_of(settings: np.dtype[np.void]) -> str:
    """Return the header with the engine's record types and the numbers of its decisions."""
    decisions = ", ".join(f"D_{name.upper()}" for name in address.DECISIONS)
    parts = [
        "#pragma once\n#include <algorithm>\n#include <cstdint>\n",
        f"enum {{ {decisions} }};\n",
        struct_of("Settings", settings, "f4"),
        struct_of("Process", theory.PROCESS),
        *(struct_of(name, getattr(state, name)) for name in ("ACTOR", "ORIGIN", "MUNICIPALITY", "PLACE", "HOST")),
        *(struct_of(name, getattr(logs, name)) for name in ("ARENA_ROW", "INNOVATION_ROW", "MONTH_ROW")),
    ]
    return "\n".join(parts)


@cache
def compile_month(settings: np.dtype[np.void]) -> ctypes.CDLL | None:
    """Return the compiled month, None where there is no g++."""
    compiler = shutil.which("g++")
    if compiler is None:
        return None
    layout = layout_of(settings)
    digest = hashlib.sha256(" ".join([*FLAGS, layout, *((HERE / name).read_text() for name in SOURCES)]).encode())
    folder = Path(tempfile.gettempdir()) / f"cosim-limit-{os.getuid()}" / digest.hexdigest()[:16]
    library = folder / "month.so"
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "layout.h").write_text(layout)
        part = folder / f"month-{os.getpid()}.so"
        parts = folder / f"month-{os.getpid()}.o"
        subprocess.run(
            [compiler, *FLAGS, f"-I{folder}", f"-I{HERE}", "-c", str(HERE / "month.cpp"), "-o", parts], check=True
        )
        # Linked without -ffast-math: with it the library would, on being loaded, take numbers too small for full
        # precision for zero in the whole process, in the engine and the interpreter too.
        subprocess.run([compiler, "-shared", parts, "-o", part], check=True)
        parts.unlink()
        part.replace(library)
    loaded = ctypes.CDLL(str(library))
    loaded.make_world.restype = ctypes.c_void_p
    loaded.make_world.argtypes = [ctypes.c_void_p]
    loaded.count_at_start.argtypes = loaded.drop_world.argtypes = [ctypes.c_void_p]
    loaded.live_months.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    return loaded


class LimitRun:
    """A run in C++ that starts from a population of the engine's and writes into its logs."""

    def __init__(self, world: World, current: State, process: Any) -> None:
        """Copy the people and what is fixed into 32-bit numbers.

        Raises
        ------
        ValueError
            When the scenario uses what the C++ leaves out.
        """
        settings = world.settings
        if world.n_seats != 16 or any(np.any(settings[name] != 0.0) for name in NEVER):
            raise ValueError(f"the C++ knows sixteen seats an arena, and only 0 of {', '.join(NEVER)}")
        library = compile_month(settings.dtype)
        if library is None:
            raise ValueError("there is no g++")
        self._library = library
        self._kept = [
            settings.astype(np.dtype([(name, "f4") for name in settings.dtype.names or ()])),
            world.setting_row, world.places, current.hosts,
            *(np.ascontiguousarray(given, np.float32) for given in
              (world.neighbours, world.climate_anchors, world.landscapes, world.landscape_best)),
            np.array([process], theory.PROCESS), current.actors, current.origins, current.municipalities,
            current.arena_log, current.innovation_log, current.adopted, current.pressure, current.lagged,
            current.months, current.people,
        ]  # fmt: skip
        numbers = [
            len(world.places), len(current.hosts), len(current.actors), world.n_places, world.n_months,
            world.people_every, world.coupling, len(world.landscapes),
        ]  # fmt: skip
        given = np.zeros(10 + len(self._kept), np.uint64)
        given[0] = world.run_luck
        given[1:9] = numbers
        given[9:10].view(np.float64)[0] = world.persons_per_actor
        given[10:] = [array.ctypes.data for array in self._kept]
        self._world = library.make_world(given.ctypes.data)

    def count_at_start(self) -> None:
        """Count the population before the first month."""
        self._library.count_at_start(self._world)

    def live_months(self, start: int, end: int) -> None:
        """Live the months start..end-1."""
        self._library.live_months(self._world, start, end)

    def close(self) -> None:
        """Give the memory back."""
        self._library.drop_world(self._world)
        self._world = None
