"""Makes every figure and the page again from a folder of results, and from nothing else.

Floor 3. The folder is read with all its hashes checked; figures and page are laid into it when all of them are made: an
old report stands until the new one is complete.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import TemplateError

from cosim.errors import Complaint, StoreError
from cosim.evidence.targets import read_targets
from cosim.report.laying import lay_down
from cosim.report.page import Drawn, render_page
from cosim.report.plots.gallery import Figure, list_figures
from cosim.report.plots.saving import draw_bytes
from cosim.report.plots.targets import describe_targets, plot_targets
from cosim.report.tables import compare_with_targets, summarise_outcomes
from cosim.results.folders import letter_about_report
from cosim.results.store import FIGURES, PAGE, StoredRun, read_results


def build_report(folder: Path | str, *, replace: bool = False) -> Path:
    """Make ``figures/*.svg``, ``figures/*.png`` and ``index.html`` in a folder of results; return the page's path.

    Files that lie there under other names are left alone.

    Parameters
    ----------
    folder : a folder of results
    replace : whether a page or figure that was changed by hand may be written over

    Raises
    ------
    StoreError
        The folder holds no results, or damaged ones, or cannot be written to; or a file that would be written over was
        changed since a report wrote it, and nothing was written.
    """
    folder = Path(folder)
    stored = read_results(folder)
    outcomes = stored.tables.get("outcomes", pd.DataFrame())
    summary = summarise_outcomes(outcomes)
    comparison = compare_with_targets(summary, read_targets())
    pictures: dict[str, bytes] = {}
    drawn, missed = [], None
    try:
        if len(outcomes):
            about = _about(stored)
            told = comparison[comparison["n"] > 0]
            every = Figure(
                "targets",
                "The model beside what was measured",
                lambda: plot_targets(told),
                lambda: describe_targets(told),
            )
            drawn = [_draw(one, about, pictures) for one in list_figures(stored, comparison)]
            missed = _draw(every, about, pictures)
        text = render_page(stored, summary, comparison, drawn, missed)
    except (KeyError, TypeError, ValueError, AttributeError, TemplateError) as error:
        found = f"something in the manifest or the tables is not as cosim writes it ({type(error).__name__}: {error})"
        do = "make the report with the version of cosim named in the manifest"
        raise StoreError([Complaint(str(folder), "", found, "results of this version", do)]) from error
    except OSError as error:
        raise letter_about_report(error, folder) from error
    try:
        files = {f"{FIGURES}/{name}": content for name, content in pictures.items()}
        lay_down(folder, files | {PAGE: text.encode("utf-8")}, replace=replace)
    except OSError as error:
        raise letter_about_report(error, folder) from error
    return folder / PAGE


def _about(stored: StoredRun) -> dict[str, str]:
    """Return what every picture says of its origin."""
    manifest = stored.manifest
    birth, process = manifest["provenance"], manifest["process"]
    return {
        "Source": f"cosim {birth['cosim']}, commit {birth.get('commit') or 'none'}; scenario "
        f"{manifest['scenario']['name']}, process {process.get('label') or process['name']}, seed {manifest['seed']}"
    }


def _draw(figure: Figure, about: dict[str, str], pictures: dict[str, bytes]) -> Drawn:
    """Return a figure for the page, and add its files to the pictures."""
    caption = figure.describe()
    metadata: dict[str, Any] = {"Title": figure.heading, "Description": caption, **about}
    axes = figure.plot()
    for kind in ("svg", "png"):
        pictures[f"{figure.name}.{kind}"] = draw_bytes(axes, kind, metadata)
    return Drawn(figure.name, figure.heading, caption, pictures[f"{figure.name}.svg"])
