"""How many states a theory's arrows can hold an arena in, by themselves. Floor 7.

`processes.graph` says where the state of rest loses its hold; here the constructs are let go from many places, with
people held half-way, and the places in which they come to rest are counted.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from cosim.parameters.values import defaults
from cosim.processes.graph import matrix_of
from cosim.processes.model import ProcessModel

Array = np.ndarray[Any, Any]

N_STARTS: Final = 200
N_MONTHS: Final = 3000
"""Close to where it tips a graph is slow; so many months settle all but the last per cent above it (ASSUMED)."""
STILL: Final = 1e-6
"""What moves less than this in a month is at rest (ASSUMED)."""
APART: Final = 0.02
"""Two places of rest nearer than this in every construct (-1..1) are one (ASSUMED)."""


class States(NamedTuple):
    """Places of rest that starts from all over end in, [state, construct] as shares, lowest first, and whether every
    start came to rest; those that did not go round for ever.
    """

    places: Array
    all_rest: bool

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.places)


def find_stable_states(model: ProcessModel, gain: float | None = None, arrows: float | None = None) -> States:
    """Return the states in which a theory's constructs come to rest while people are held half-way.

    From starts drawn evenly, so that none lies on the ridge between two states, the month's rule is followed as the
    engine has it, with moderators at 1.

    Parameters
    ----------
    model : ProcessModel
    gain : strength of the arrows, 0 or more; the declared default without it
    arrows : weight of the theory against what is measured, 0..1; the declared default without it

    Examples
    --------
    >>> from cosim.processes.catalogue import read_process
    >>> [find_stable_states(read_process("regime"), gain, 1.0).n for gain in (0.4, 0.6)]
    [1, 2]
    """
    usual = defaults()
    gain = usual["process.gain"] if gain is None else gain
    weight = usual["process.arrows"] if arrows is None else arrows
    matrix = gain * matrix_of(model)
    bias = np.array([one.bias for one in model.constructs])
    now = np.random.default_rng(0).uniform(-1.0, 1.0, (N_STARTS, len(bias)))
    rests = np.zeros(N_STARTS, np.bool_)
    for _month in range(N_MONTHS):
        moved = now + (weight * np.tanh(now @ matrix.T + bias) - now) / usual["process.inertia"]
        rests = np.abs(moved - now).max(axis=1) < STILL
        now = moved
        if rests.all():
            break
    places: list[Array] = []
    for place in now[rests][np.lexsort(now[rests].T[::-1])]:
        if all(np.abs(place - other).max() > APART for other in places):
            places.append(place)
    return States(0.5 * (1.0 + np.array(places).reshape(len(places), -1)), bool(rests.all()))
