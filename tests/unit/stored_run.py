"""Frames as a run leaves them, small and made by hand, for tests of store, figures and page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cosim.results.tables import Note
from cosim.vocabulary import ENDINGS, SECTORS

EVIL = '<script>alert("x")</script>'
Frames = dict[str, pd.DataFrame]


def frames_of(replicate: int, municipalities: tuple[str, ...] = ("stad", EVIL), months: int = 30) -> Frames:
    """Return one replicate's tables."""
    rng = np.random.default_rng(replicate)
    grid = pd.MultiIndex.from_product([range(months), municipalities], names=["month", "municipality"]).to_frame(
        index=False
    )
    by_month = grid.assign(
        delivered=rng.poisson(1.0, len(grid)), units=30, units_innovating=rng.binomial(30, 0.6, len(grid))
    )
    grid = pd.MultiIndex.from_product(
        [range(0, months + 1, 12), municipalities, SECTORS], names=["month", "municipality", "sector"]
    ).to_frame(index=False)
    people = grid.assign(n=[100, 300, 580, 20] * (len(grid) // 4))
    for name in (*(f"trust_{sector}" for sector in SECTORS), "optimism", "identity"):
        people[name] = rng.uniform(0.4, 0.8, len(grid))
    n = 40
    arena = pd.DataFrame(
        {
            "municipality": rng.choice(np.array(municipalities, dtype=object), n),
            "open": rng.random(n) < 0.6,
            "ending": rng.choice(np.array(ENDINGS, dtype=object), n),
            "rung": rng.integers(1, 6, n).astype(float),
            "quality": rng.random(n),
            **{f"members_{sector}": rng.integers(0, 5, n) for sector in SECTORS},
        }
    )
    innovation = pd.DataFrame({"municipality": "stad", "months_taken": rng.integers(1, 60, 25)})
    outcomes = pd.DataFrame(
        {
            "innovations_per_unit_year": rng.normal(0.3, 0.02, 1),
            "units_with_innovation": rng.normal(0.74, 0.01, 1),
            "value_quality": rng.normal(0.4, 0.01, 1),
            "partner_firms": rng.normal(0.15, 0.2, 1),
            "trust_between_sectors_change": rng.normal(0.0, 0.01, 1),
            "optimism_change": rng.normal(-0.1, 0.01, 1),
            "abandoned": rng.normal(0.5, 0.01, 1),
            "delivery_months": [np.nan],
        }
    )
    return {
        "arena": arena,
        "innovation": innovation,
        "municipality_month": by_month,
        "people": people,
        "outcomes": outcomes,
    }


def shorten(tables: Frames, rows: int) -> Frames:
    """Return every table with so many rows; all but the outcomes."""
    return {name: frame if name == "outcomes" else frame.iloc[:rows] for name, frame in tables.items()}


NOTES = {"outcomes": {"units_with_innovation": Note("share", "units with an innovation")}}


def manifest_of(n_done: int, n_failed: int = 0, **changes: Any) -> dict[str, Any]:
    """Return a manifest as the command line writes it, with hostile words wherever a user may write some."""
    parameter = {
        "name": "start.trust", "value": 0.5, "written": "0.5", "default": 0.4, "unit": EVIL, "standing": "assumed",
        "role": "uncertain", "label": EVIL, "means": EVIL, "sources": [],
    }  # fmt: skip
    done = [{"replicate": one, "status": "done", "seconds": 0.1} for one in range(n_done)]
    fallen = [{"replicate": n_done + one, "status": "failed", "stage": "run"} for one in range(n_failed)]
    return {
        "scenario": {
            "name": "evil-world", "title": EVIL, "title_nb": EVIL, "question": EVIL, "question_nb": EVIL,
            "reasons": [EVIL], "start": [2020, 1], "months": 30, "municipalities": ["stad", EVIL], "text": EVIL,
        },
        "process": {"name": EVIL, "title": EVIL, "about": EVIL, "scale": 1.0, "own": True, "text": EVIL},
        "seed": 7,
        "replicates": done + fallen,
        "parameters": [parameter],
        "references": [{"key": "ansell2008", "text": "", "by": "theory"}, {"key": "own", "text": EVIL, "by": EVIL}],
        "calibration": None,
        "provenance": {
            "cosim": "0.1.0", "commit": None, "dirty": None, "python": "3.13.0", "implementation": "CPython",
            "packages": {"numpy": "2.3"}, "machine": {"system": "Linux", "architecture": "x86_64", "processors": 2},
            "time": "2026-01-02T03:04:05Z", "command": ["cosim", "run", EVIL], "seed": 7, "sha256": {"scenario": "0"},
        },
        **changes,
    }  # fmt: skip
