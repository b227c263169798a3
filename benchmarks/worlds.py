"""Worlds to measure in: the reference scenario with a municipality of a given number of adults."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from cosim.scenario.model import Scenario
from cosim.scenario.reading import read_scenario

SHARE_ADULTS = 0.79
FIRST_CODE = 9901


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for own tables that lives as long as the process."""
    return tempfile.TemporaryDirectory(prefix="cosim-benchmarks-")


@cache
def own_table(adults: tuple[int, ...], roles: tuple[str, ...]) -> Path:
    """Return the path of a table of invented municipalities with about so many adults each."""
    rows = ["key,code,name,role,n_former_units,population_2020"]
    rows += [
        f"place-{number},{FIRST_CODE + number},Place {number},{role},1,{round(n / SHARE_ADULTS)}"
        for number, (n, role) in enumerate(zip(adults, roles, strict=True))
    ]
    path = Path(_folder().name) / f"{'-'.join(map(str, adults))}-{'-'.join(roles)}.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def world_of(
    adults: int | Sequence[int], months: int = 60, seed: int = 1, roles: Sequence[str] | None = None
) -> Scenario:
    """Return the reference scenario with municipalities of about so many adults, one actor each, nobody surveyed."""
    sizes = (adults,) if isinstance(adults, int) else tuple(adults)
    return replace(
        read_scenario("reference"),
        name=f"{'+'.join(map(str, sizes))} adults",
        municipalities=tuple(f"place-{number}" for number in range(len(sizes))),
        table=own_table(sizes, tuple(roles or ["plain"] * len(sizes))),
        months=months,
        seed=seed,
        survey_months=(),
    )
