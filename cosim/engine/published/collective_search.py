"""Many searchers on one rugged problem, each copying what others show or trying something of their own."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled, inlined
from cosim.engine.published.arguments import Arguments
from cosim.engine.published.landscapes import Landscape
from cosim.engine.published.networks import list_neighbours
from cosim.engine.state import Array

COPYING_RULES: Final = ("best", "conformity", "random", "none")
SEARCH_MODES: Final = ("flip", "leap", "none")
ERROR_KINDS: Final = ("kept", "flipped")
_BEST, _CONFORMITY, _RANDOM, _NO_COPYING = range(4)
_FLIP, _LEAP, _NO_SEARCH = range(3)


class SearchCourse(NamedTuple):
    """What a collective search came to.

    Attributes
    ----------
    scores : array [round + 1], each 0..1
        Mean score; the first is the start.
    best_scores : array [round + 1], each 0..1
        Score of the best searcher.
    n_solutions : array [round + 1]
        How many different solutions are held.
    final_scores : array [searcher], each 0..1
    final_solutions : array [searcher]
        Numbers of the solutions held at the end.
    """

    scores: Array
    best_scores: Array
    n_solutions: Array
    final_scores: Array
    final_solutions: Array


def collective_search(
    network: Array,
    landscape: Landscape | Array,
    n_rounds: int,
    *,
    sharing_chance: float = 1.0,
    velocity: float = 1.0,
    sample_size: int | None = None,
    copying_rule: str = "best",
    copying_error: float = 0.0,
    error_kind: str = "kept",
    tests_copies: bool = False,
    search_mode: str = "flip",
    moves: Array | None = None,
    simultaneous: bool = True,
    score_power: float = 8.0,
    start: Array | None = None,
    seed: int = 0,
    replicate: int = 0,
) -> SearchCourse:
    """Return how a network of searchers does on a landscape, round by round.

    In a round a searcher may look at some of those they see in the network. If what the copying rule picks among the
    solutions shown is better than their own, they copy it; if not, or if they did not look, they try a change of
    their own and keep it if it is better.

    Parameters
    ----------
    network : array [searcher, searcher], nonzero where the row's searcher sees the column's
    landscape : Landscape, or array [solution] of values, 0 or more
    n_rounds : whole number, 0 or more
    sharing_chance : 0..1, that one who is looked at shows their solution
    velocity : 0..1, chance of looking around in a round
    sample_size : how many others are looked at, drawn anew each round, 1 or more; None for all
    copying_rule : 'best', 'conformity', 'random' or 'none'
        Conformity picks the solution shown most often; ties are drawn, and where all differ nothing is picked.
    copying_error : 0..1, for each decision of a copied solution
    error_kind : 'kept' or 'flipped'
        Whether a wrongly copied decision stays as it was in one's own solution, or is turned whatever it was.
    tests_copies : bool
        Whether a copy with errors in it is kept only if it is better than what one had.
    search_mode : 'flip', 'leap' or 'none'
        Trying one change, any solution at all, or nothing.
    moves : array [solution, move] of solutions, or None
        What one change can lead to, for landscapes that are not made of decisions; None for turning one decision.
    simultaneous : bool
        Whether all act on the last round's solutions, or one after another in an order drawn each round.
    score_power : 0 or more
        The score is (value / best value) to this power.
    start : array [searcher] of solutions, or None to draw them
        Drawn starts depend on seed and replicate alone, so that networks and rules can be compared pairwise.
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    SearchCourse

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    lazer2007 : copying the best neighbour or else turning one decision; velocity; error; the score's power of 8.
    barkoczi2016 : samples of neighbours, conformity, random copying; ties and ways out as in the authors' code.
    mason2012 : landscapes that are not made of decisions, by ``moves``.
    ASSUMED : wrongly copied solutions are kept even when worse; the sources do not say, so it is a switch.

    Examples
    --------
    >>> from cosim.engine.published.landscapes import draw_landscape
    >>> from cosim.engine.published.networks import complete_network
    >>> collective_search(complete_network(4), draw_landscape(3, 0), 60).final_scores
    array([1., 1., 1., 1.])
    """
    given = Arguments("collective_search")
    values = landscape.values if isinstance(landscape, Landscape) else given.array("landscape", landscape, 1, 0.0)
    if values.max() <= 0.0:
        given.complain("landscape", "no solution of any value", "at least one value above 0")
    n_rounds = given.whole("n_rounds", n_rounds, 0)
    chances = np.array(
        [
            given.share("sharing_chance", sharing_chance),
            given.share("velocity", velocity),
            given.share("copying_error", copying_error),
            given.number("score_power", score_power, 0.0),
        ]
    )
    n_bits = values.size.bit_length() - 1
    if moves is None and values.size != 1 << n_bits:
        given.complain("landscape", f"{values.size} values", "a power of 2, unless moves are given")
    if moves is not None and chances[2] > 0.0:
        given.complain("copying_error", copying_error, "0 with moves: there are no decisions to get wrong")
    table = np.empty((0, 0), np.int64) if moves is None else _check_moves(given, moves, values.size)
    first, seen = list_neighbours(given, network)
    n_searchers = first.size - 1
    most_seen = int(np.diff(first).max())
    switches = np.array(
        [
            COPYING_RULES.index(given.word("copying_rule", copying_rule, COPYING_RULES)),
            SEARCH_MODES.index(given.word("search_mode", search_mode, SEARCH_MODES)),
            ERROR_KINDS.index(given.word("error_kind", error_kind, ERROR_KINDS)),
            int(tests_copies),
            int(simultaneous),
            most_seen if sample_size is None else given.whole("sample_size", sample_size, 1),
        ]
    )
    solutions = np.full(n_searchers, -1, np.int64)
    if start is not None:
        held = given.array("start", start, 1, 0.0, values.size - 1)
        if held.size != n_searchers:
            given.complain("start", f"{held.size} solutions", f"one for each of {n_searchers} searchers")
        else:
            solutions = held.astype(np.int64)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    course = np.empty((3, n_rounds + 1))
    scores = _search(
        seed, replicate, first, seen, values, n_bits, table, n_rounds, chances, switches, solutions, course
    )
    return SearchCourse(course[0], course[1], course[2].astype(np.int64), scores, solutions)


def _check_moves(given: Arguments, moves: Any, n_solutions: int) -> Array:
    table = given.array("moves", moves, 2, 0.0, n_solutions - 1)
    if table.shape[0] != n_solutions:
        given.complain("moves", f"{table.shape[0]} rows", f"one for each of {n_solutions} solutions")
    return table.astype(np.int64)


@inlined
def _pick_best(shown: Any, n_shown: int, solutions: Any, values: Any, luck: Any, slot: int) -> int:
    """Return the best solution shown; equals that differ are drawn."""
    best = solutions[shown[0]]
    ties = 1
    for place in range(1, n_shown):
        other = solutions[shown[place]]
        if values[other] > values[best]:
            best = other
            ties = 1
        elif values[other] == values[best] and other != best:
            ties += 1
            if address.draw_below(luck, slot + place, ties) == 0:
                best = other
    return best


@inlined
def _pick_commonest(shown: Any, n_shown: int, solutions: Any, luck: Any, slot: int) -> int:
    """Return the solution shown most often, -1 if no two are alike; equals are drawn."""
    picked = -1
    most = 1
    ties = 1
    for place in range(n_shown):
        candidate = solutions[shown[place]]
        count = 0
        earlier = False
        for other in range(n_shown):
            if solutions[shown[other]] == candidate:
                count += 1
                earlier = earlier or other < place
        if earlier or count < 2:
            continue
        if count > most:
            most = count
            picked = candidate
            ties = 1
        elif count == most:
            ties += 1
            if address.draw_below(luck, slot + place, ties) == 0:
                picked = candidate
    return picked


@inlined
def _miscopied(copied: int, own: int, error: float, kind: int, n_bits: int, luck: Any, slot: int) -> int:
    """Return a copy in which each decision is, with a chance, one's own still (0) or turned (1)."""
    for bit in range(n_bits):
        if address.draw(luck, slot * 64 + bit) < error:
            wrong = 1 << bit if kind == 1 else (copied ^ own) & (1 << bit)
            copied ^= wrong
    return copied


@compiled
def _record(solutions: Any, values: Any, best: float, power: float, scores: Any, course: Any, row: int) -> None:
    """Write the mean and the best score and the number of different solutions of one round."""
    for person in range(solutions.size):
        scores[person] = (values[solutions[person]] / best) ** power
    held = np.sort(solutions)
    different = 1
    for place in range(1, held.size):
        different += held[place] != held[place - 1]
    course[0, row] = scores.mean()
    course[1, row] = scores.max()
    course[2, row] = different


@compiled
def _search(
    seed: int,
    replicate: int,
    first: Any,
    seen: Any,
    values: Any,
    n_bits: int,
    moves: Any,
    n_rounds: int,
    chances: Any,
    switches: Any,
    solutions: Any,
    course: Any,
) -> Any:
    """Run all rounds; ``solutions`` (below 0: to be drawn) holds the end, ``course`` the rounds."""
    sharing, velocity, error, power = chances
    rule, mode, error_kind, tests, simultaneous, sample_size = switches
    run_luck = address.luck_of_run(seed, replicate)
    luck = address.luck_of(run_luck, 0, address.START_SOLUTION)
    n_people = solutions.size
    for person in range(n_people):
        if solutions[person] < 0:
            solutions[person] = address.draw_below(luck, person, values.size)
    best = values.max()
    scores = np.empty(n_people)
    _record(solutions, values, best, power, scores, course, 0)
    order = np.arange(n_people)
    shown = np.empty(max(seen.size, 1), np.int64)
    before = solutions.copy()
    for turn in range(1, n_rounds + 1):
        luck_look = address.luck_of(run_luck, turn, address.MEET)
        luck_sample = address.luck_of(run_luck, turn, address.PAIR)
        luck_reveal = address.luck_of(run_luck, turn, address.REVEAL)
        luck_tie = address.luck_of(run_luck, turn, address.ACCEPT)
        luck_copy = address.luck_of(run_luck, turn, address.COPY_ERROR)
        luck_flip = address.luck_of(run_luck, turn, address.FLIP)
        luck_order = address.luck_of(run_luck, turn, address.INVITED)
        if simultaneous == 1:
            before[:] = solutions
            held = before
        else:
            held = solutions
            for place in range(n_people - 1):
                other = place + address.draw_below(luck_order, place, n_people - place)
                order[place], order[other] = order[other], order[place]
        for person in order:
            own = held[person]
            slot = person * n_people
            model = -1
            if rule != _NO_COPYING and (velocity >= 1.0 or address.draw(luck_look, person) < velocity):
                degree = first[person + 1] - first[person]
                shown[:degree] = seen[first[person] : first[person + 1]]
                looked = min(degree, sample_size)
                if looked < degree:
                    for place in range(looked):
                        other = place + address.draw_below(luck_sample, slot + place, degree - place)
                        shown[place], shown[other] = shown[other], shown[place]
                n_shown = looked
                if sharing < 1.0:
                    n_shown = 0
                    for place in range(looked):
                        if address.draw(luck_reveal, slot + shown[place]) < sharing:
                            shown[n_shown] = shown[place]
                            n_shown += 1
                if n_shown > 0:
                    if rule == _BEST:
                        model = _pick_best(shown, n_shown, held, values, luck_tie, slot)
                    elif rule == _CONFORMITY:
                        model = _pick_commonest(shown, n_shown, held, luck_tie, slot)
                    else:
                        model = held[shown[address.draw_below(luck_tie, slot, n_shown)]]
            if model >= 0 and values[model] > values[own]:
                copied = model
                if error > 0.0:
                    copied = _miscopied(model, own, error, error_kind, n_bits, luck_copy, person)
                if tests == 0 or values[copied] > values[own]:
                    solutions[person] = copied
            elif mode != _NO_SEARCH:
                if mode == _LEAP:
                    tried = address.draw_below(luck_flip, person, values.size)
                elif moves.size > 0:
                    tried = moves[own, address.draw_below(luck_flip, person, moves.shape[1])]
                else:
                    tried = own ^ (1 << address.draw_below(luck_flip, person, n_bits))
                if values[tried] > values[own]:
                    solutions[person] = tried
        _record(solutions, values, best, power, scores, course, turn)
    return scores
