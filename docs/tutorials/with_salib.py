# %% [markdown]
# # cosim under SALib
#
# SALib draws samples of parameters and says which of them an outcome depends on. Between the two it wants an array of
# samples made into an array of outcomes: that is a function round `cosim.run`.
#
# The question here: what drives the pace of innovation in a municipality of ten thousand people, trust, facilitation or
# openness? SALib comes with cosim. The whole takes some ten seconds.

# %%
from functools import cache

import numpy as np
from SALib import ProblemSpec

import cosim
from cosim.processes.compile import compile_process
from cosim.run import prepare, run_prepared

# %% [markdown]
# ## The model as a function
#
# The scenario is read and the theory compiled once. At a sample, `with_values` sets parameters by dotted name,
# `prepare` lays out the world, and `run_prepared` lives one luck in it; `measure` keeps what it has measured, for a
# Saltelli sample comes back to the same setting when a factor is at rest.
#
# `luck` is a number, not a stream: run 2 at one setting and run 2 at another meet the same people and the same
# accidents. That is what *common random numbers* means, and here one gets them by asking for the same number.

# %%
WORLD = cosim.read_scenario("reference", months=36)
THEORY = compile_process(cosim.read_process("small-wins"))
OUTCOME = "innovations_per_unit_year"
NAMES = ("people.trust", "arenas.facilitation", "arenas.openness")


@cache
def world_at(*levels):
    """Return the world at a sample, ready for any luck."""
    return prepare(WORLD.with_values(dict(zip(NAMES, levels, strict=True))), THEORY)


@cache
def measure(luck, *levels):
    """Return the outcome of one run."""
    return cosim.outcomes(run_prepared(world_at(*levels), luck), [OUTCOME])[OUTCOME]


def pace(samples, lucks):
    """Return the outcome, [sample, luck]; the column after the parameters' is of a factor that does nothing."""
    rows = [tuple(map(float, row[: len(NAMES)])) for row in samples]
    return np.array([[measure(luck, *row) for luck in lucks] for row in rows])


# %% [markdown]
# ## The problem, with a factor that does nothing
#
# Ranges decide indices: a factor over its whole allowed range looks stronger than over what is likely; `cosim manual
# parameters people.trust` says what cosim declares to be either. The fourth factor is not a parameter at all. Whatever
# index it gets is the size of the error, and it costs no runs.

# %%
problem = ProblemSpec(
    {
        "names": [*NAMES, "nothing"],
        "bounds": [[0.5, 0.75], [0.0, 1.0], [0.0, 0.4], [0.0, 1.0]],
        "outputs": [OUTCOME],
    }
)
problem.sample_sobol(16, calc_second_order=False, seed=1)  # 16 × (4 + 2) rows; a power of two
LUCKS = range(4)
values = pace(problem.samples, LUCKS)  # [row, luck]
assert values.shape == (16 * 6, 4)


def total_shares(outcome):
    """Return SALib's total indices of one value for each row, by name."""
    problem.set_results(np.ascontiguousarray(outcome)).analyze_sobol(calc_second_order=False, seed=1)
    return dict(zip(problem["names"], problem.analysis["ST"], strict=True))


# %% [markdown]
# ## One luck of its own for each row: luck poses as influence
#
# Giving each row a fresh seed is what one does by habit. In a Saltelli block the rows then differ by luck as well, and
# SALib cannot know: every total index rises, that of the factor that does nothing too.

# %%
rng = np.random.default_rng(1)
own_luck = total_shares(values[np.arange(len(values)), rng.integers(len(LUCKS), size=len(values))])

# %% [markdown]
# ## The same lucks for all rows, and their mean
#
# With common lucks the factor that does nothing gets exactly nothing: its rows are the same runs. With the mean over
# several lucks the others settle as well. What remains is that luck and factors act together: a factor whose effect
# depends on luck keeps some of it, which falls with the number of lucks and never shows in SALib's intervals.

# %%
common = total_shares(values.mean(axis=1))
for name in problem["names"]:
    print(
        f"{name:<20} ST {own_luck[name]:5.2f} with a luck for each row, {common[name]:5.2f} with the mean of the same"
    )
assert own_luck["nothing"] > 0.01
assert abs(common["nothing"]) < 1e-12

# %% [markdown]
# ## The noise share, and how many lucks
#
# The table of settings and lucks has three parts: what settings do, what lucks do to all settings alike, and what is
# left, where a luck suits one setting and not another. The last two are chance in a single run. Of means over the
# *same* lucks only the last one is, divided by their number: what a luck does to all moves no setting against another.
# When that is a few hundredths of what the settings do, more settings say more than more lucks.

# %%
table = values[np.unique(problem.samples[:, : len(NAMES)], axis=0, return_index=True)[1]]  # each setting once
n, k = table.shape
left = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + table.mean()
interplay = (left**2).sum() / ((n - 1) * (k - 1))
luck = table.mean(axis=0).var(ddof=1) - interplay / n
settings = table.mean(axis=1).var(ddof=1) - interplay / k
print(f"chance is {(luck + interplay) / (settings + luck + interplay):.0%} of the variance of a single run,", end=" ")
print(f"and {interplay / k / (settings + interplay / k):.0%} of that between means over the same {k} lucks")
assert interplay / k < settings

# %% [markdown]
# ## What to mind
#
# - **Missing values**: SALib 1.6 answers one NaN with zeros and no warning. Look with `np.isfinite(values).all()`.
# - **Order**: SALib trusts that row 7 of the results is row 7 of the samples. Threads and stores bring rows back in
#   another order; keep the row's number beside the value.
# - **Sixteen blocks are a tutorial's**: the intervals (`problem.analysis["ST_conf"]`) say so. Double until they settle.
# - `cosim sweep` does all of this and takes luck out by pairs of lucks, without a bias: see `cosim manual study`.

# %%
print(problem.analysis.to_df())
