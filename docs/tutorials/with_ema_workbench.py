# %% [markdown]
# # cosim under the EMA Workbench
#
# The EMA Workbench explores a model over what nobody knows (*uncertainties*) and what somebody decides (*levers*). It
# asks one thing of a model: a Python function of named numbers that returns a dict of outcomes. A run of cosim is one.
#
# The question here: does a facilitator, or opening more arenas, help a municipality of ten thousand people whatever
# their trust and optimism, and for what money?
#
# You need `pip install "cosim[discovery]"`. The whole takes some ten seconds.

# %%
import numpy as np
from ema_workbench import ArrayOutcome, RealParameter, ReplicatorModel, Sample, SequentialEvaluator

import cosim
from cosim.processes.compile import compile_process
from cosim.run import prepare, run_prepared

# %% [markdown]
# ## The model as a function
#
# What is the same in all runs is read once: the scenario with its municipality, and the theory, compiled. At a sample
# `with_values` sets parameters by their dotted names, everywhere and always; `prepare` lays out the world that all
# lucks of the sample share; `run_prepared` lives one luck. Three years instead of five keep the tutorial short.
#
# `with_values` takes checked numbers as they are. Ranges are yours to keep: `cosim manual parameters people.trust` says
# which values are allowed. For values that come from elsewhere take `cosim.read_scenario("reference", {...})`, which
# refuses what is wrong, with a letter.

# %%
WORLD = cosim.read_scenario("reference", months=36)
THEORY = compile_process(cosim.read_process("small-wins"))
OUTCOMES = ("innovations_per_unit_year", "cost")


def world_at(levels):
    """Return the world at a sample, ready for any number of lucks; the last one is kept."""
    if world_at.levels != levels:
        world_at.levels, world_at.prepared = levels, prepare(WORLD.with_values(levels), THEORY, reuse=True)
    return world_at.prepared


world_at.levels, world_at.prepared = None, None


def cocreation(luck=0, **levels):
    """Return the outcomes of one run: one luck at one setting of the parameters."""
    record = run_prepared(world_at(levels), luck)
    return cosim.outcomes(record, OUTCOMES)


# %% [markdown]
# ## Lucks are a design, not a nuisance
#
# A run is a setting and a luck. The workbench's `ReplicatorModel` runs each experiment once for every entry of
# `replications`; naming lucks there, rather than drawing a fresh seed each time, gives every setting **the same
# lucks**. Luck 3 is then the same people, the same meetings and the same accidents at every setting, as far as the
# setting lets them be, and a difference between two settings within luck 3 is the setting's doing.
#
# Names in the workbench must be Python names; `variable_name` says what cosim calls the parameter. `ArrayOutcome` keeps
# the lucks apart. (A `ScalarOutcome` with `function=np.mean` would keep their mean only, and with it go the pairs and
# the noise share below.)

# %%
LUCKS = 5
model = ReplicatorModel("cosim", function=cocreation)
model.replications = [{"luck": luck} for luck in range(LUCKS)]
model.uncertainties = [
    RealParameter("trust", 0.5, 0.75, variable_name="people.trust"),
    RealParameter("optimism", 0.4, 0.7, variable_name="people.optimism"),
]
model.levers = [
    RealParameter("facilitation", 0.0, 1.0, variable_name="arenas.facilitation"),
    RealParameter("openness", 0.0, 0.4, variable_name="arenas.openness"),
]
model.outcomes = [ArrayOutcome(name) for name in OUTCOMES]

policies = [
    Sample("as_it_is", facilitation=0.3, openness=0.05),
    Sample("facilitator", facilitation=0.8, openness=0.05),
    Sample("open_doors", facilitation=0.3, openness=0.4),
]

# %% [markdown]
# Every policy meets every scenario. The sequential evaluator is the right one: a run spends its time in compiled code,
# and worker processes would each load that code again. For more than a few thousand runs use `cosim sweep` or `cosim
# compare`, which use all processors by threads, keep every run, and go on where they were broken off.

# %%
with SequentialEvaluator(model) as evaluator:
    experiments, outcomes = evaluator.perform_experiments(
        scenarios=12, policies=policies, uncertainty_sampling_kwargs={"rng": 1}
    )

# %% [markdown]
# ## Paired differences
#
# Sort the experiments into policies × scenarios × lucks, subtract the baseline **before** averaging, and look how much
# narrower the answer is than if each policy had met lucks of its own.

# %%
pace = np.array(
    [outcomes["innovations_per_unit_year"][(experiments["policy"] == one.name).to_numpy()] for one in policies]
)
cost = np.array([outcomes["cost"][(experiments["policy"] == one.name).to_numpy()] for one in policies])
assert pace.shape == (len(policies), 12, LUCKS)

for place, policy in enumerate(policies[1:], 1):
    change = pace[place] - pace[0]
    paired = np.sqrt(change.var(axis=1, ddof=1).mean() / LUCKS)
    unpaired = np.sqrt((pace[place].var(axis=1, ddof=1) + pace[0].var(axis=1, ddof=1)).mean() / LUCKS)
    dearer = (cost[place] - cost[0]).mean() / 1e6
    print(
        f"{policy.name}: {change.mean():+.4f} solutions per unit and year, NOK {dearer:.1f} million more; "
        f"standard error in one scenario {paired:.4f} with the same lucks, {unpaired:.4f} without"
    )
    assert paired < unpaired

# %% [markdown]
# ## How much is chance
#
# Before a scenario is called bad for a policy, know how far a mean over five lucks strays by itself. With the same
# lucks in all scenarios, one that is good for all of them moves them together and tells nothing apart. What strays is
# that a luck suits one scenario and not another: what is left when the scenarios' means and the lucks' are taken out.
# The rest is what PRIM or feature scoring can find; no more.

# %%
table = pace[0]
left = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + table.mean()
interplay = (left**2).sum() / ((table.shape[0] - 1) * (table.shape[1] - 1))
between = table.mean(axis=1).var(ddof=1)
print(
    f"baseline: {interplay / LUCKS / between:.0%} of the variance between scenarios is chance that {LUCKS} lucks left"
)

# %% [markdown]
# ## What to mind
#
# - **A failed run** raises, and the workbench then stops the whole experiment. Return NaN from the function if you
#   would rather lose one run than all; `cosim sweep` keeps the failure as a row and goes on.
# - **NaN is an answer**: an outcome such as `level` is not defined where no open arena ended. Do not drop such runs in
#   silence: they are seldom a fair sample.
# - **More lucks or more scenarios?** While chance is a small share of the variance between scenarios, more scenarios.
# - `cosim compare` answers the tutorial's question with intervals, groups, costs and a brief: see `cosim manual study`.
