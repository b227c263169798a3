"""Settings that hypothesis draws: any parameters, anywhere in their declared ranges and often at their ends."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from cosim.parameters.catalogue import read_declarations
from cosim.scenario.model import Change
from tests.agreement.worlds import change

COSTLY = {
    "population.persons_per_actor": [50.0, 120.0, 400.0, 1000.0],
    "population.staff_per_unit": [60.0, 100.0, 1000.0],
    "search.coupling": [0.0, 2.0, 4.0, 7.0],
    "search.landscapes": [1.0, 3.0],
}
"""Parameters whose whole range would only make the examples slow: what is tried of them."""


@st.composite
def values(draw: Any, among: list[str]) -> dict[str, float]:
    """Draw values for some parameters, within their declared ranges and often at their ends."""
    declarations = read_declarations()
    names = draw(st.lists(st.sampled_from(among), unique=True, max_size=12))
    found = {}
    for name in names:
        one = declarations[name]
        whole = st.integers(int(one.low), int(one.high)).map(float)
        inside = whole if one.is_whole else st.floats(one.low, one.high)
        anything = st.sampled_from([one.low, one.high]) | inside
        found[name] = draw(st.sampled_from(COSTLY[name]) if name in COSTLY else anything)
    return found


MOVING = [
    name
    for name, one in read_declarations().items()
    if not one.at_start and one.group not in ("survey", "cost") and not (one.everywhere and one.group != "month")
]
ANY = [name for name, one in read_declarations().items() if one.group != "survey"]


def later_changes(values: dict[str, float]) -> tuple[Change, ...]:
    """Return changes to values from month 3 on, every second one for four months only."""
    return tuple(change(name, to, 3, 6 if number % 2 else None) for number, (name, to) in enumerate(values.items()))
