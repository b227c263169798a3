"""Which claim rests on which mechanism: the same claim with the whole theory and without one part of it. Floor 7."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from cosim.errors import Complaint, CosimError
from cosim.study.looks import ERROR
from cosim.study.regions import stand_out
from cosim.study.verdicts import FAILS, HOLDS, UNDECIDED, Verdict

RESTS_ON: Final = "rests on"
STANDS_WITHOUT: Final = "stands without"
HELD_BACK_BY: Final = "is held back by"
FAILS_ANYWAY: Final = "fails anyway"
CANNOT_TELL: Final = "cannot tell"
_WORDS: Final = {
    (HOLDS, FAILS): RESTS_ON,
    (HOLDS, HOLDS): STANDS_WITHOUT,
    (FAILS, HOLDS): HELD_BACK_BY,
    (FAILS, FAILS): FAILS_ANYWAY,
}


def which_claims_rest_on(
    full: Mapping[str, Verdict], without: Mapping[str, Mapping[str, Verdict]], *, error: float = ERROR
) -> pd.DataFrame:
    """Return, for each claim and mechanism, whether the claim rests on it.

    A claim *rests on* a mechanism when it holds with the whole theory and fails without that part; it *stands without*
    it when it holds both times, *is held back by* it when it fails with and holds without, and *fails anyway* when it
    fails both times. With many mechanisms there are many chances to be wrong, so the verdicts without them share the
    error within each claim (Holm); what is then not shown is undecided, and one *cannot tell*.

    A claim whose factor is the mechanism itself has no answer here: leave that pair out of ``without``.

    Parameters
    ----------
    full : verdict by claim, with the whole theory
    without : verdict by claim, by the mechanism knocked out
        Planned with ``looks.plan_looks(error=error / number of mechanisms)``.
    error : 0..0.5, chance of a wrong verdict among those without, for each claim

    Returns
    -------
    DataFrame with one row a claim and mechanism: claim, mechanism, word, full, without (verdicts), effect_full,
    effect_without (outcome's unit).

    Raises
    ------
    CosimError
        When a claim was judged without a mechanism and not with the whole theory.
    """
    unknown = sorted({claim for verdicts in without.values() for claim in verdicts} - full.keys())
    if unknown:
        found = f"no verdict on {', '.join(unknown)}"
        raise CosimError([Complaint("knock-outs", "full", found, "a verdict with the whole theory on each claim")])
    rows = []
    for claim, whole in full.items():
        pairs = [(mechanism, verdicts[claim]) for mechanism, verdicts in without.items() if claim in verdicts]
        holds = stand_out(np.array([one.p_holds for _, one in pairs]), error)
        fails = stand_out(np.array([one.p_fails for _, one in pairs]), error)
        for (mechanism, one), shown, false in zip(pairs, holds, fails, strict=True):
            says = HOLDS if shown else FAILS if false else UNDECIDED
            word = _WORDS.get((whole.says, says), CANNOT_TELL)
            rows.append((claim, mechanism, word, whole.says, says, whole.effect, one.effect))
    columns = ["claim", "mechanism", "word", "full", "without", "effect_full", "effect_without"]
    return pd.DataFrame(rows, columns=columns)
