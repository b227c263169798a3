"""Row *spread*: solutions made in one municipality are taken up in others."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import kernel
from cosim.engine.kernels.places import end_of_units, place_address, scalar_climate
from cosim.engine.rules.arithmetic import comes_in_month
from cosim.engine.rules.spreading import adoption_hazard

LONGEST_RUN = 2048
MUNICIPALITY_CODES = 16384


@kernel
def unit_for(hosts: Any, first: int, last: int, area: int, luck: float) -> int:
    """Return a unit of the municipality that takes up a solution: one of the same service area if there is one."""
    n = last - first
    start = min(int(luck * n), n - 1)
    for step in range(n):
        h = first + (start + step) % n
        if hosts[h].area == area:
            return h
    return first + start


@kernel
def spread(world: Any, state: Any, month: int, climates: Any) -> None:
    """Let every municipality consider every solution of the others that it does not use yet."""
    n = world.places.shape[0]
    if n < 2:
        return
    luck = address.luck_of(world.run_luck, month, address.SPREAD)
    luck_unit = address.luck_of(world.run_luck, month, address.REUSE)
    mean = 0.0
    for m in range(n):
        climates[m] = scalar_climate(state.municipalities[m])
        mean += climates[m] / n
    for origin in range(n):
        first = world.places[origin].log_first
        for at in range(first, first + state.municipalities[origin].innovation_count):
            row = state.innovation_log[at]
            if row.month >= month:
                continue
            made_in = place_address(state.hosts[row.host], state.arena_log[row.arena_row].place)
            where = (made_in * LONGEST_RUN + row.month) * MUNICIPALITY_CODES
            for m in range(n):
                if m == origin or state.adopted[at, m] >= 0:
                    continue
                p = world.settings[world.setting_row[month, m]]
                hazard = adoption_hazard(
                    p.spread_innovation / 12.0,
                    p.spread_imitation / 12.0,
                    np.float64(state.pressure[at, m]),
                    climates[m] / mean if mean > 0.0 else 1.0,
                    np.float64(row.observability),
                )
                place = world.places[m]
                if not comes_in_month(hazard, address.draw(luck, where + place.address)):
                    continue
                state.adopted[at, m] = month
                row.n_adopted += 1
                end = end_of_units(state.hosts, place.host_first, place.host_last)
                if end > place.host_first:
                    lot = address.draw(luck_unit, where + place.address)
                    h = unit_for(state.hosts, place.host_first, end, row.area, lot)
                    state.hosts[h].newest = month
                    state.municipalities[m].counts[16] += 1
            for m in range(n):
                if state.adopted[at, m] == month:
                    for other in range(n):
                        state.pressure[at, other] += world.neighbours[other, m]
