"""Lets a world live its months, in one call or on several threads, and looks for numbers out of range. Floor 5."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

from cosim.engine.kernels.month import live_between, live_months, live_municipalities
from cosim.engine.state import State, World
from cosim.errors import Complaint, RunError

Array = np.ndarray[Any, Any]


def live(
    world: World, state: State, process: Any, start: int, end: int, *, threads: int = 1, checked: bool = False
) -> None:
    """Let a world live the months start..end-1; with threads or checks month by month, else in one call.

    Parameters
    ----------
    process : the packed process model, see `engine.theory.pack_process`
    threads : 1 or more
        Municipalities are shared among them; no bit depends on how many there are.
    checked : look for numbers that are not finite or out of range once a month (slower)

    Raises
    ------
    RunError
        In checked mode, when a state left its range.
    """
    if threads <= 1 and not checked:
        live_months(world, state, process, start, end)
        return
    n = len(world.places)
    climates = np.empty(n)
    edges = _even_edges(world.places["host_last"] - world.places["host_first"], max(min(threads, n), 1))
    with ThreadPoolExecutor(max_workers=max(threads, 1)) as pool:
        for month in range(start, end):
            parts = [
                pool.submit(live_municipalities, world, state, process, month, first, last)
                for first, last in pairwise(edges)
            ]
            for part in parts:
                part.result()
            live_between(world, state, month, climates)
            if checked:
                check_state(state, month)


def _even_edges(weights: Array, n_parts: int) -> list[int]:
    """Return where to cut a row of municipalities into parts of nearly equal numbers of hosts."""
    shares = np.cumsum(weights) / max(int(np.sum(weights)), 1)
    inner = [int(np.searchsorted(shares, part / n_parts)) + 1 for part in range(1, n_parts)]
    return [0, *[min(edge, len(weights)) for edge in inner], len(weights)]


def check_state(state: State, month: int) -> None:
    """Raise one RunError naming every column with a number that is not finite, or a share outside 0..1."""
    complaints = []
    shares = {
        "actors.optimism": state.actors["optimism"],
        "actors.identity": state.actors["identity"],
        "seats.optimism": state.seats["optimism"],
        "seats.identity": state.seats["identity"],
        "seats.commitment": state.seats["commitment"],
        "arenas.readings": state.arenas["readings"],
        "municipalities.climate": state.municipalities["climate"],
        "municipalities.leadership": state.municipalities["leadership"],
    }
    for name, values in shares.items():
        if not np.all((values >= 0.0) & (values <= 1.0)):
            found = f"{np.nanmin(values)} .. {np.nanmax(values)}"
            complaints.append(Complaint(f"month {month}", name, found, "finite, 0..1", "report this as a fault"))
    for name in ("trust", "distrust"):
        if not (np.all(state.actors[name] >= 0.0) and np.all(state.seats[name] >= 0.0)):
            complaints.append(Complaint(f"month {month}", f"actors.{name}", "negative or not finite", "0 or more"))
    if not np.all(np.abs(state.arenas["nodes"]) <= 1.0):
        complaints.append(Complaint(f"month {month}", "arenas.nodes", "outside -1..1 or not finite", "-1..1"))
    if complaints:
        raise RunError(complaints)
