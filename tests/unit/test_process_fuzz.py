"""Any input at all gives either a theory that works, or one letter: never another error, never a hang."""

from __future__ import annotations

import contextlib
import copy
import datetime
import tomllib
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim.errors import ProcessError
from cosim.processes.catalogue import FOLDER, list_processes, read_process
from cosim.processes.compile import compile_process
from cosim.processes.describe import describe_process, drawing_of
from cosim.processes.graph import graph_facts
from cosim.processes.mechanisms import list_mechanisms, weaken_mechanism
from cosim.processes.model import ProcessModel
from cosim.processes.reading import process_from_table, process_from_text
from cosim.processes.sense import most_of

TEXTS = {name: (FOLDER / f"{name}.toml").read_text(encoding="utf-8") for name in list_processes()}
TABLES = {name: tomllib.loads(text) for name, text in TEXTS.items()}
WORDS = sorted(
    {word.strip('",[]{}') for text in TEXTS.values() for word in text.split() if len(word) < 30}
    | {"measured.trust", "out", "all", "none", "theory.arrows", "threshold", "consent", "a -> b"}
)


def check(answer: ProcessModel) -> None:
    """Ask everything of a theory that was accepted."""
    process = compile_process(answer)
    for part in process:
        assert np.isfinite(part).all()
    assert (process.hazard_rate[: process.n_phases] > 0.0).all()
    assert all(most_of(phase.hazard) > 0.0 for phase in answer.phases)
    assert process.capacity_quantity >= 0
    facts = graph_facts(answer)
    assert np.isfinite([facts.rho_add, facts.rho_average, facts.rho_low, facts.rho_high]).all()
    assert facts.rho_average <= 1.0 + 1e-9
    assert answer.name in describe_process(answer)
    assert len(drawing_of(answer).nodes) == len(answer.constructs)
    for mechanism in list_mechanisms(answer)[:3]:
        compile_process(weaken_mechanism(answer, mechanism, 0.0))


def answer_to(content: Any) -> ProcessModel | ProcessError:
    """Return what reading makes of it; any other error than the letter is the test's failure."""
    try:
        if isinstance(content, dict):
            return process_from_table(content, "fuzz")
        return process_from_text(content, "fuzz")
    except ProcessError as error:
        return error


def read(content: Any) -> None:
    """Read whatever it is, and accept nothing but a working theory or a letter."""
    answer = answer_to(content)
    if isinstance(answer, ProcessModel):
        check(answer)
    else:
        assert 1 <= len(answer.complaints) <= 101
        assert len(str(answer)) < 200_000


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    read(content)


@settings(max_examples=300)
@given(st.text(max_size=400))
def test_any_text(content: str) -> None:
    read(content)


VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.just(10**400),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(WORDS),
        st.dates(),
        st.just(datetime.time(1, 2)),
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from([*TABLES["regime"], "scale", "moderators"]), VALUES, max_size=8))
def test_any_table(content: dict[str, Any]) -> None:
    read(content)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of everything inside a table."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [spot for key, one in inside for spot in [(*path, key), *places(one, (*path, key))]]


PLACES = {name: places(table) for name, table in TABLES.items()}


@settings(max_examples=1200)
@given(st.data())
def test_shipped_tables_with_changed_fields(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TABLES)))
    mine = copy.deepcopy(TABLES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        *steps, last = data.draw(st.sampled_from(PLACES[name]))
        try:
            place: Any = mine
            for step in steps:
                place = place[step]
            what = data.draw(st.sampled_from(["set", "set", "take out", "add", "twice"]))
            if what == "set":
                place[last] = data.draw(VALUES)
            elif what == "take out":
                del place[last]
            elif what == "add" and isinstance(place, dict):
                place[data.draw(st.sampled_from(WORDS))] = data.draw(VALUES)
            elif what == "twice" and isinstance(place, list):
                place.append(copy.deepcopy(place[last]))
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # an earlier change took the place away
    read(mine)


@settings(max_examples=400)
@given(st.data())
def test_shipped_texts_with_changed_letters(data: st.DataObject) -> None:
    text = TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))]
    for _ in range(data.draw(st.integers(1, 5))):
        first = data.draw(st.integers(0, len(text)))
        last = min(len(text), first + data.draw(st.integers(0, 40)))
        new = data.draw(st.text(max_size=6) | st.sampled_from(WORDS) | st.sampled_from('"[]{}=.\n#\\'))
        text = text[:first] + new + text[last:]
    read(text)
    read(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300)
@given(st.text(max_size=60))
def test_any_name(name: str) -> None:
    with contextlib.suppress(ProcessError):
        check(read_process(name))


def test_long_and_many_things_end_soon() -> None:
    whole = TEXTS["small-wins"]
    for content in (
        "\n".join(f"k{n} = 1" for n in range(20_000)),
        "\n".join(f"constructs.c{n} = {{ measured = 'trust' }}" for n in range(5_000)),
        whole + "\n[[claims]]\nid = 'x'\n" * 8_000,
        whole + "\n[[phases]]\nname = 'x'\n" * 8_000,
        f"name = 'x'\narrows = [{', '.join(['3'] * 60_000)}]",
        f"[[phases]]\nmay_decide = [{', '.join(['7'] * 60_000)}]",
        f"[[phases]]\nhazard = {{ terms = [{', '.join(['7'] * 60_000)}] }}",
        "name = '" + "a" * 250_000 + "'",
        "about = '" + "." * 60 + "'",
        "'" + "a" * 250_000 + "' = 1",
        "\n".join(f"[{'.'.join(f'a{n}' for _ in range(60))}]" for n in range(900)),
        "scale = 0x" + "f" * 200_000,
    ):
        read(content)
