"""Frames of a study that never was: tidy tables of any size, for figures and pages to be tried on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

OUTCOMES = ("innovations_per_unit_year", "trust_between_sectors_change", "level")
FACTORS = (
    "people.trust", "people.identity", "process.gain", "arena.size", "facilitator.hours_per_month", "start.optimism",
    "units.slack", "budget.arena", "people.age_mean", "ties.density", "ties.between_sectors", "decision.threshold",
    "policy.challenge", "media.attention", "research.distance", "civic.capacity", "private.reward", "public.risk",
    "climate.support", "memory.months",
)  # fmt: skip
PROCESSES = ("trait-led", "staged", "small-wins", "regime", "matched", "additive", "faith-risk", "trait-led-sum")


def names(stem: str, n: int) -> list[str]:
    """Return so many names."""
    return [f"{stem} {one + 1}" for one in range(n)]


def with_intervals(rows: list[dict[str, Any]], mean: str, half: float, rng: np.random.Generator) -> pd.DataFrame:
    """Return rows as a frame, with ends about the mean."""
    frame = pd.DataFrame(rows)
    reach = half * rng.uniform(0.5, 1.5, len(frame))
    return frame.assign(low=frame[mean] - reach, high=frame[mean] + reach)


def indices(n: int, seed: int = 1) -> pd.DataFrame:
    """Return S1, ST, S2, mu_star and sigma of n factors, and the share of chance, for three outcomes."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for outcome in OUTCOMES:
        size = np.sort(rng.dirichlet(np.full(n, 0.5)))[::-1] * 0.8
        for factor, share in zip(FACTORS[:n], size, strict=True):
            total = share + rng.uniform(0.0, 0.15)
            for kind, value in (
                ("S1", share),
                ("ST", total),
                ("mu_star", 2 * total),
                ("sigma", rng.uniform(0, 2) * total),
            ):
                rows.append({"outcome": outcome, "factor": factor, "kind": kind, "other": "", "value": value})
        for a in range(n):
            for b in range(a + 1, n):
                value = rng.normal(0.0, 0.03) + 0.1 * (rng.random() < 0.1)
                rows.append(
                    {"outcome": outcome, "factor": FACTORS[a], "kind": "S2", "other": FACTORS[b], "value": value}
                )
        rows.append({"outcome": outcome, "factor": "", "kind": "chance", "other": "", "value": 0.17})
    return with_intervals(rows, "value", 0.05, rng)


def convergence(n: int, seed: int = 2) -> pd.DataFrame:
    """Return ST of n factors over growing designs."""
    rng = np.random.default_rng(seed)
    rows = []
    for outcome in OUTCOMES[:2]:
        for factor, share in zip(FACTORS[:n], np.sort(rng.dirichlet(np.ones(n)))[::-1], strict=True):
            for size in (64, 128, 256, 512, 1024):
                half = 1.5 / np.sqrt(size)
                value = share + rng.normal(0.0, half / 2)
                rows.append(
                    {
                        "outcome": outcome,
                        "factor": factor,
                        "kind": "ST",
                        "n": size,
                        "value": value,
                        "low": value - half,
                        "high": value + half,
                    }
                )
    return pd.DataFrame(rows)


def tornado(n: int, seed: int = 3) -> pd.DataFrame:
    """Return n factors moved one at a time, for two outcomes."""
    rng = np.random.default_rng(seed)
    rows = []
    for outcome, unit, base in (("units_with_innovation", "share", 0.6), ("delivery_months", "months", 14.0)):
        for place, factor in enumerate(FACTORS[:n]):
            low, high = base * (1 + rng.normal(0.0, 0.25, 2) / (1 + place / 3))
            half = 0.03 * base
            rows.append(
                {
                    "outcome": outcome,
                    "factor": factor,
                    "low_value": 0.2,
                    "high_value": 0.8,
                    "outcome_at_low": low,
                    "outcome_at_high": high,
                    "base": base,
                    "unit": unit,
                    "at_low_low": low - half,
                    "at_low_high": low + half,
                    "at_high_low": high - half,
                    "at_high_high": high + half,
                }
            )
    return pd.DataFrame(rows)


def differences(n: int, seed: int = 4) -> pd.DataFrame:
    """Return n alternatives against a baseline, for three outcomes."""
    rng = np.random.default_rng(seed)
    rows = []
    for outcome, unit, base in (
        ("innovations_per_unit_year", "per unit and year", 0.41),
        ("units_with_innovation", "share", 0.62),
        ("trust_between_sectors_change", "difference of scores", 0.0),
    ):
        for name in names("alternative", n):
            mean, half = rng.normal(0.03, 0.05), rng.uniform(0.01, 0.06)
            share = base or np.nan
            rows.append(
                {
                    "alternative": name,
                    "outcome": outcome,
                    "unit": unit,
                    "baseline": base,
                    "mean": mean,
                    "low": mean - half,
                    "high": mean + half,
                    "n": 40,
                    "share_mean": mean / share,
                    "share_low": (mean - half) / share,
                    "share_high": (mean + half) / share,
                }
            )
    return pd.DataFrame(rows)


def groups(n: int, seed: int = 5) -> pd.DataFrame:
    """Return n groups under two alternatives; the last of each kind may not be shown."""
    rng = np.random.default_rng(seed)
    kinds = [("municipality", name) for name in ("Stad", "Giske", "Ålesund", "Nordre Follo", "Vågå", "Øygarden", "Bø")]
    kinds += [("sector", name) for name in ("public", "private", "civic", "research")]
    kinds += [("age", f"{age} to {age + 9}") for age in range(10, 100, 10)]
    rows = [
        {"alternative": alternative, "outcome": outcome, "group_kind": kind, "group": group,
         "mean": rng.normal(0.02, 0.04), "n": 30, "suppressed": group in ("Bø", "research", "90 to 99"), "unit": unit}
        for alternative in ("facilitator", "open budget")
        for outcome, unit in (("units_with_innovation", "share"), ("level", "rungs"))
        for kind, group in kinds[:n]
    ]  # fmt: skip
    return with_intervals(rows, "mean", 0.03, rng)


def regret(n: int, seed: int = 6) -> pd.DataFrame:
    """Return the spread of regret of n alternatives."""
    rng = np.random.default_rng(seed)
    spread = np.sort(rng.gamma(1.5, 0.05, (n, 5)), axis=1)
    frame = pd.DataFrame(spread, columns=["p5", "p25", "p50", "p75", "p95"])
    return frame.assign(
        alternative=names("alternative", n), outcome="units_with_innovation", unit="share", worst=frame["p95"] * 1.3
    )


def boxes(n: int, seed: int = 7) -> pd.DataFrame:
    """Return two boxes that bound n factors."""
    rng = np.random.default_rng(seed)
    rows = []
    for box in ("box 1", "box 2"):
        for place, factor in enumerate(FACTORS[:n]):
            low, high = np.sort(rng.uniform(0.0, 10.0, 2))
            rows.append(
                {
                    "box": box,
                    "factor": factor,
                    "low": low if place % 3 else np.nan,
                    "high": high if place % 3 != 1 else np.nan,
                    "factor_low": 0.0,
                    "factor_high": 10.0,
                    "coverage": 0.71,
                    "density": 0.86,
                }
            )
    return pd.DataFrame(rows)


def narrowing(n: int, seed: int = 8) -> pd.DataFrame:
    """Return intervals over growing replicates for n alternatives."""
    rng = np.random.default_rng(seed)
    rows = []
    for alternative in names("alternative", n):
        spread = rng.uniform(0.05, 0.15)
        for outcome in OUTCOMES[:2]:
            for size in range(2, 41, 2):
                half = 2.2 * spread / np.sqrt(size) * rng.uniform(0.85, 1.15)
                rows.append(
                    {
                        "alternative": alternative,
                        "outcome": outcome,
                        "n": size,
                        "mean": 0.1,
                        "low": 0.1 - half,
                        "high": 0.1 + half,
                        "stop": 0.04,
                        "unit": "per unit and year",
                    }
                )
    return pd.DataFrame(rows)


def verdicts(n: int, seed: int = 9) -> pd.DataFrame:
    """Return n claims of a few theories."""
    rng = np.random.default_rng(seed)
    rows = []
    for place in range(n):
        effect = rng.normal(0.0, 0.08) * (12 if place == 4 else 1)
        rows.append(
            {
                "theory": PROCESSES[place * 4 // max(n, 4)],
                "claim": f"trust-raises-innovation-{place}",
                "statement": "More trust, more innovation.",
                "verdict": ("holds", "fails", "undecided", "depends")[place % 4],
                "effect": effect,
                "margin": 0.03,
                "unit": "share",
                "n": 40,
                "region": "holds where people.trust is at least 0.5" if place % 4 == 3 else "",
            }
        )
    return with_intervals(rows, "effect", 0.03, rng)


def knockouts(n: int, seed: int = 10) -> pd.DataFrame:
    """Return the effects of n mechanisms and of a few pairs on three outcomes."""
    rng = np.random.default_rng(seed)
    parts = [("main", name) for name in FACTORS[:n]] + [
        ("interaction", f"{FACTORS[0]} × {name}") for name in FACTORS[1 : n // 2]
    ]
    rows = [
        {"mechanism": name, "outcome": outcome, "kind": kind, "effect": rng.normal(0.0, 0.06)}
        for outcome in OUTCOMES
        for kind, name in parts
    ]
    return with_intervals(rows, "effect", 0.04, rng)


def foundations(n: int, seed: int = 11) -> pd.DataFrame:
    """Return n claims with and without eight mechanisms."""
    rng = np.random.default_rng(seed)
    words = ("rests on", "stands without", "is held back by", "fails anyway", "cannot tell")
    rows = [
        {
            "claim": f"trust-raises-innovation-{claim}",
            "mechanism": mechanism,
            "word": words[rng.choice(5, p=[0.15, 0.5, 0.05, 0.1, 0.2])],
        }
        for claim in range(n)
        for mechanism in FACTORS[:8]
        if rng.random() > 0.05
    ]
    return pd.DataFrame(rows)


def rivals(n: int, seed: int = 12) -> pd.DataFrame:
    """Return six quantities of n theories."""
    rng = np.random.default_rng(seed)
    units = ("share", "months", "per unit and year", "share", "score 0..1", "ratio")
    processes = (list(PROCESSES) + names("theory", 20))[:n]
    rows = [
        {"process": process, "quantity": f"quantity_of_kind_{place}", "unit": unit, "mean": rng.uniform(0.2, 0.8)}
        for place, unit in enumerate(units)
        for process in processes
    ]
    return with_intervals(rows, "mean", 0.05, rng)


def recovery(n: int, seed: int = 13) -> pd.DataFrame:
    """Return the paths of n theories after a shock."""
    rng = np.random.default_rng(seed)
    rows = []
    for place, process in enumerate((list(PROCESSES) + names("theory", 20))[:n]):
        for month in range(48):
            mean = -0.3 * np.exp(-(month - 12) / (6 + 4 * place)) if month >= 12 else 0.0
            rows.append({"process": process, "month": month, "mean": mean + rng.normal(0, 0.004)})
    return with_intervals(rows, "mean", 0.02, rng)


def confusion(n: int, seed: int = 14) -> pd.DataFrame:
    """Return which of n theories is chosen when each is true."""
    rng = np.random.default_rng(seed)
    processes = (list(PROCESSES) + names("theory", 20))[:n]
    rows = []
    for place, truth in enumerate(processes):
        shares = rng.dirichlet(np.where(np.arange(n) == place, 8.0, 0.5))
        rows += [
            {"truth": truth, "chosen": chosen, "share": share} for chosen, share in zip(processes, shares, strict=True)
        ]
    return pd.DataFrame(rows)


def separability(n: int, seed: int = 15) -> pd.DataFrame:
    """Return accuracy over n numbers of arenas, three numbers of waves and three levels of noise."""
    rng = np.random.default_rng(seed)
    rows = [
        {"arenas": arenas, "waves": waves, "noise": noise, "chance": 0.25,
         "accuracy": 0.25 + 0.7 * (1 - np.exp(-arenas * waves / (60 * (1 + 10 * noise))))}
        for arenas in range(5, 5 + 5 * n, 5)
        for waves in (1, 2, 4)
        for noise in (0.0, 0.05, 0.2)
    ]  # fmt: skip
    return with_intervals(rows, "accuracy", 0.05, rng)
