"""``python -m benchmarks``: speed beside plain Mesa and beside the practical limit, as ratios measured in one run.

``--quick`` takes about a minute. The table is printed and written to ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import platform
import shutil
from pathlib import Path

from benchmarks.measuring import (
    cold_seconds,
    engine_time,
    limit_time,
    medians,
    plain_time,
    seat_months,
    seconds_a_run,
    small,
)
from cosim.engine.state import ACTOR, ARENA, SEAT
from cosim.scenario.reading import read_scenario

Row = tuple[str, str, str, str]
RESULTS = Path(__file__).parent / "RESULTS.md"


def beside_mesa(rounds: int, months: int) -> list[Row]:
    """Return how many times faster than plain Mesa objects the same months are."""
    rows: list[Row] = []
    for adults in (1_000, 10_000):
        scenario = small(adults, months)
        found = medians({"engine": engine_time(scenario), "mesa": plain_time(scenario)}, rounds)
        ratio = found["mesa"] / found["engine"]
        target = "150" if adults == 10_000 else ""
        rows.append((f"times plain Mesa, {adults:,} adults, one core", target, f"{ratio:.0f}", _met(ratio, target)))
        if adults == 10_000:
            two = min(seconds_a_run(scenario, 2, 16) for _round in range(rounds))
            ratio = found["mesa"] / two
            rows.append(("times plain Mesa, 10,000 adults, two cores", "250", f"{ratio:.0f}", _met(ratio, "250")))
    return rows


def beside_limit(rounds: int, months: int, sizes: tuple[int, ...]) -> list[Row]:
    """Return the engine's time over the C++ limit's, and the cost of a seat-month, by number of adults."""
    rows: list[Row] = []
    costs = []
    for adults in sizes:
        scenario = small(adults, months)
        contestants = {"engine": engine_time(scenario)}
        if shutil.which("g++"):
            contestants["limit"] = limit_time(scenario)
        found = medians(contestants, rounds)
        if "limit" in found:
            ratio = found["engine"] / found["limit"]
            met = "yes" if ratio <= 1.5 else "no"
            rows.append((f"time over tuned C++ float32, {adults:,} adults", "at most 1.5", f"{ratio:.2f}", met))
        costs.append(1e9 * found["engine"] / seat_months(scenario))
        rows.append((f"ns a seat-month, {adults:,} adults", "", f"{costs[-1]:.0f}", ""))
    spread = max(costs) / min(costs) - 1.0
    met = "yes" if spread <= 0.2 else "no"
    rows.append((f"spread of that from {sizes[0]:,} to {sizes[-1]:,}", "at most 20 %", f"{100 * spread:.0f} %", met))
    return rows


def memory() -> list[Row]:
    """Return bytes a person outside the arenas and bytes an arena place take."""
    met = "yes" if ACTOR.itemsize <= 100 else "no"
    place = ARENA.itemsize + 16 * SEAT.itemsize
    return [
        ("bytes an outsider", "at most 100", str(ACTOR.itemsize), met),
        ("bytes an arena place of 16 seats", "", str(place), ""),
    ]


def starts() -> list[Row]:
    """Return how long the command line and a first run take to start, compiled code being on disk."""
    help_seconds = cold_seconds("from cosim.cli.entry import main\ntry: main(['--help'])\nexcept SystemExit: pass")
    run_words = (
        "from cosim.run import run\nfrom cosim.scenario.reading import read_scenario\nrun(read_scenario('traena'))"
    )
    cold_seconds(run_words)
    return [
        ("seconds, cosim --help", "", f"{help_seconds:.2f}", ""),
        ("seconds, a fresh process's first small run, code on disk", "", f"{cold_seconds(run_words):.2f}", ""),
    ]


def fourteen() -> list[Row]:
    """Return seconds a replicate of the fourteen municipalities at one actor per adult, months alone."""
    scenario = read_scenario("norway14")
    one = medians({"engine": engine_time(scenario)}, 3)["engine"]
    two = seconds_a_run(scenario, 2, 6)
    return [
        ("seconds a replicate of norway14 (267,144 adults, 60 months), one core", "", f"{one:.2f}", ""),
        ("the same, two cores", "", f"{two:.2f}", ""),
    ]


def _met(ratio: float, target: str) -> str:
    return "" if not target else ("yes" if ratio >= float(target) else "no")


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and months, no million")
    quick = parser.parse_args().quick
    rounds, months = (3, 12) if quick else (5, 60)
    sizes = (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    rows = [
        *memory(),
        *beside_mesa(rounds, 12 if quick else 24),
        *beside_limit(rounds, months, sizes),
        *fourteen(),
        *starts(),
    ]
    lines = ["| what | target | got | met |", "|---|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    print("\n".join(lines))
    if not quick:
        machine = f"{platform.machine()}, {platform.system()}"
        head = f"# Speed\n\n`make bench`, medians of {rounds} interleaved rounds, {machine}.\n"
        RESULTS.write_text(head + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
