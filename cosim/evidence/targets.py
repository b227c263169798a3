"""Reads the calibration targets: what the model may be fitted to."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from cosim.evidence.files import HERE
from cosim.evidence.findings import read_findings
from cosim.evidence.tables import Column

TARGETS: Final = HERE / "targets.csv"
GIVEN_BY: Final = Column("given_by", "list")
"""The parameters that were set from the same figure. Where there are some, a hit is no proof of anything: what comes
out was put in."""


def read_targets(path: Path | str | None = None) -> pd.DataFrame:
    """Return the calibration targets, one row each, indexed by key.

    They are the innovation barometer of 2018, one instrument and nearly all one wave, and the trust levels of
    2018-19, just before the simulated time. What happened later is held out and is not read here.

    Parameters
    ----------
    path : Path or str, optional
        An own CSV file of the same columns; without it, the one that ships.

    Returns
    -------
    pandas.DataFrame, [target, column]
        See `cosim.evidence.findings.read_findings`; shares are 0..1. Besides, ``given_by``: see `GIVEN_BY`.

    Raises
    ------
    EvidenceError
        With every complaint about the table at once.

    Sources
    -------
    ks2018innovative, ks2018values, ks2018drivers : units with an innovation, its values, what helped and hindered.
    coi2018norway, coi2018associations : partners.
    meldst30 : citizens as partners, tries without improvement.
    tillitsbarometeret2018, tillitsbarometeret2020, difi2019trust : trust before the start.

    Examples
    --------
    >>> float(read_targets().loc["units_with_innovation", "value"])
    0.74
    """
    return read_findings(TARGETS if path is None else Path(path), [GIVEN_BY])
