"""``python -m benchmarks``: speed beside plain Mesa and beside the practical limit, measured in one run.

Ratios, not seconds, are what to compare between machines. ``--quick`` takes about a minute and writes nothing; the
whole takes some minutes, and its table is printed and written to ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measuring import (
    cold_seconds,
    engine_time,
    limit_time,
    medians,
    plain_time,
    seat_months,
    seconds_a_run,
)
from benchmarks.sweeps import sweeps
from benchmarks.worlds import world_of
from cosim.engine.state import ACTOR, ARENA, ORIGIN, SEAT
from cosim.population.drawing import draw_population
from cosim.run import run_replicates
from cosim.scenario.reading import read_scenario

Row = tuple[str, str, str, str]
RESULTS = Path(__file__).parent / "RESULTS.md"
HELP = "from cosim.cli.entry import main\ntry: main(['--help'])\nexcept SystemExit: pass"
SMALL_RUN = "from cosim.run import run\nfrom cosim.scenario.reading import read_scenario\nrun(read_scenario('traena'))"


def plain_row(what: str, got: str) -> Row:
    """Return a row without a target."""
    return what, "", got, ""


def at_least(what: str, target: float, got: float) -> Row:
    """Return a row of a number that should not be smaller."""
    return what, f"at least {target:g}", f"{got:.0f}", "yes" if got >= target else "no"


def at_most(what: str, target: float, got: float, digits: int = 0, unit: str = "") -> Row:
    """Return a row of a number that should not be larger."""
    return what, f"at most {target:g}{unit}", f"{got:.{digits}f}{unit}", "yes" if got <= target else "no"


def memory() -> Iterator[Row]:
    """Yield the bytes of a person outside the arenas and of an arena's place."""
    yield at_most("bytes an outsider", 100, ACTOR.itemsize + ORIGIN.itemsize)
    yield plain_row("bytes an arena's place with 16 seats", str(ARENA.itemsize + 16 * SEAT.itemsize))
    state = draw_population(world_of(100_000), 0).state
    held = state.actors.nbytes + state.origins.nbytes + state.arenas.nbytes + state.seats.nbytes + state.hosts.nbytes
    yield plain_row("bytes an adult, people and arenas together", f"{held / len(state.actors):.0f}")


def beside_mesa(rounds: int, months: int) -> Iterator[Row]:
    """Yield how many times faster than plain Mesa objects the same months are."""
    for adults in (1_000, 10_000):
        scenario = world_of(adults, months=months)
        found = medians({"engine": engine_time(scenario), "mesa": plain_time(scenario)}, rounds)
        (drawing, living), (making, stepping) = found["engine"], found["mesa"]
        what = f"times plain Mesa, {adults:,} adults"
        if adults < 10_000:
            yield plain_row(f"{what}, one core", f"{stepping / living:.0f}")
        else:
            yield at_least(f"{what}, one core", 150, stepping / living)
            (alone, _), (both, free) = (seconds_a_run(scenario, threads, 24, rounds) for threads in (1, 2))
            yield at_least(f"{what}, whole runs on two threads ({free:.1f} processors were free)", 250, stepping / both)
            yield plain_row("times faster on two threads than on one", f"{alone / both:.2f}")
        yield plain_row(f"{what}, the drawing of the people alone", f"{making / drawing:.0f}")
        took = f"{1e3 * drawing:.1f} + {1e3 * living:.1f}"
        yield plain_row(f"ms to draw and to live {months} months, {adults:,} adults", took)


def beside_limit(rounds: int, months: int, sizes: tuple[int, ...]) -> Iterator[Row]:
    """Yield the engine's time over the C++ limit's, and the cost of a seat-month, by number of adults."""
    costs = []
    for adults in sizes:
        scenario = world_of(adults, months=months)
        contestants = {"engine": engine_time(scenario)}
        if shutil.which("g++"):
            contestants["limit"] = limit_time(scenario)
        found = medians(contestants, rounds)
        if "limit" in found:
            ratio = found["engine"][1] / found["limit"][1]
            yield at_most(f"time over tuned C++ float32, {adults:,} adults", 1.5, ratio, digits=2)
        costs.append(1e9 * found["engine"][1] / seat_months(scenario, rounds))
        yield plain_row(f"ns an active seat-month, {adults:,} adults", f"{costs[-1]:.0f}")
    rise = 100.0 * (max(costs) / min(costs) - 1.0)
    yield at_most(f"dearest over cheapest of these, {sizes[0]:,} to {sizes[-1]:,}", 20, rise, unit=" %")


def fourteen(rounds: int) -> Iterator[Row]:
    """Yield seconds of the fourteen municipalities at one actor per adult."""
    scenario = read_scenario("norway14")
    drawing, living = medians({"engine": engine_time(scenario)}, rounds)["engine"]
    yield plain_row("seconds a replicate of norway14, drawing + 60 months, one core", f"{drawing:.3f} + {living:.3f}")
    list(run_replicates(scenario, range(1)))  # what is compiled once is not counted
    for threads in (1, 2):
        began = time.perf_counter()
        done = sum(1 for _record in run_replicates(scenario, range(20), threads=threads))
        seconds = time.perf_counter() - began
        yield plain_row(
            f"seconds, {done} whole replicates of norway14, surveys and all, on {threads} thread(s)", f"{seconds:.1f}"
        )


def starts(rounds: int) -> Iterator[Row]:
    """Yield how long a fresh process takes to start, with the compiled code on disk and without."""
    lines = {"import cosim": "import cosim", "cosim --help": HELP, "first small run, code on disk": SMALL_RUN}
    for what, words in lines.items():
        yield plain_row(f"seconds of a fresh process, {what}", f"{cold_seconds(words, rounds=rounds):.2f}")
    compiling = cold_seconds(SMALL_RUN, rounds=1, compiled=False)
    yield plain_row("seconds, the same with everything to compile", f"{compiling:.0f}")


def processor() -> str:
    """Return what kind of processor this is and how wide its vectors are: the C++ limit gains most from wide ones."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    given = dict(line.split(":", 1) for line in lines if ":" in line)
    facts = {key.strip(): value.strip() for key, value in given.items()}
    flags = facts.get("flags", "").split()
    widest = next((name for name in ("avx512dq", "avx2") if name in flags), "narrow vectors")
    family = f" family {facts['cpu family']} model {facts['model']}" if "model" in facts else ""
    return f"{facts.get('model name', platform.machine())}{family}, {widest}"


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no million; nothing is written")
    quick = parser.parse_args().quick
    rounds = 3 if quick else 7
    sizes = (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    parts: list[Callable[[], Iterator[Row]]] = [
        memory,
        lambda: beside_mesa(rounds, 60),
        lambda: beside_limit(rounds, 60, sizes),
        lambda: fourteen(rounds),
        lambda: sweeps(rounds),
        lambda: starts(1 if quick else 5),
    ]
    lines = ["| what | target | got | met |", "|---|---|---|---|"]
    print("\n".join(lines), flush=True)
    for part in parts:
        for row in part():
            lines.append(f"| {' | '.join(row)} |")
            print(lines[-1], flush=True)
    if not quick:
        machine = f"{platform.system()}, {os.cpu_count()} {platform.machine()} processors ({processor()})"
        about = f"`make bench`: medians of {rounds} interleaved rounds in one process; {machine},"
        about += f" Python {platform.python_version()}."
        RESULTS.write_text(f"# Speed\n\n{about}\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
