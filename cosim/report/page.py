"""The page of a result: question, answer, figures, what is missed, caveats, birth certificate, papers.

Floor 3. One file that loads nothing from anywhere. Every word that came from outside is escaped by the template.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from cosim.evidence.references import read_references
from cosim.report.answer import KEY_OUTCOMES, tell_answer, tell_hidden, tell_verdicts
from cosim.report.schedule import mark_parameters, tell_arenas, tell_changes, tell_places
from cosim.report.tables import count_verdicts, tell_outcomes, tell_targets
from cosim.report.templating import page_templates
from cosim.report.wording import count_words
from cosim.results.intervals import Interval
from cosim.results.store import PROCESS, SCENARIO, StoredRun

LEAST_FOR_INTERVALS: Final = 10
"""Replicates below which an interval is a rough thing."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as the page takes it: name, heading, caption (also its alternative text) and the SVG."""

    name: str
    heading: str
    caption: str
    svg: bytes

    @property
    def source(self) -> str:
        """The picture as an address that holds the picture itself."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg).decode("ascii")


def render_page(
    stored: StoredRun,
    summary: Mapping[str, Interval],
    comparison: pd.DataFrame,
    figures: Sequence[Drawn],
    missed: Drawn | None,
) -> str:
    """Return the page as one HTML text.

    Parameters
    ----------
    stored : results
    summary : outcome to its interval
    comparison : targets with verdicts
    figures : in order
    missed : the figure of all targets, None when no replicate ran to its end
    """
    manifest = stored.manifest
    notes = stored.notes.get("outcomes", {})
    done = [one for one in manifest["replicates"] if one["status"] == "done"]
    parameters = mark_parameters(manifest)
    return (
        page_templates()
        .get_template("page.html")
        .render(
            scenario=manifest["scenario"],
            process={"label": "", **manifest["process"]},
            n_done=len(done),
            failed=stored.failed,
            answer=[
                *tell_answer(summary, len(done), manifest["scenario"]["months"]),
                *tell_hidden(stored.tables["people"]),
            ]
            if done
            else [],
            key_rows=tell_outcomes(summary, KEY_OUTCOMES, notes),
            all_rows=tell_outcomes(summary, summary, notes),
            figures=figures,
            missed=missed,
            targets=tell_targets(comparison),
            verdict=tell_verdicts(*count_verdicts(comparison)),
            caveats=tell_caveats(manifest, len(done), int((comparison["given_by"].str.len() > 0).sum())),
            changes=tell_changes(manifest),
            places=tell_places(manifest),
            arenas=tell_arenas(manifest),
            assumed=[one for one in parameters if one["standing"] in ("assumed", "free")],
            changed=[one for one in parameters if one["value"] != one["default"] or one["moved"]],
            provenance=tell_provenance(manifest),
            rerun=tell_rerun(manifest),
            files=manifest["files"],
            references=tell_references(manifest["references"]),
        )
    )


def tell_caveats(manifest: Mapping[str, Any], n_done: int, n_given: int) -> list[str]:
    """Return what a reader must know before believing a number of the page.

    Parameters
    ----------
    n_done : replicates that ran to their end
    n_given : targets whose figure some parameter was set from
    """
    parameters = manifest["parameters"]
    standing = pd.Series([one["standing"] for one in parameters], dtype="str").value_counts()
    caveats = [
        "An interval says how well the model's own mean is known from "
        f"{count_words(n_done, 'replicate')}. It does not say how well the model knows Norway."
    ]
    if n_done < LEAST_FOR_INTERVALS:
        caveats.append(f"{count_words(n_done, 'replicate')} is few: run at least 20 before anything is decided by it.")
    if not manifest.get("calibration"):
        caveats.append(
            "No calibration has been made: nothing was searched for that would fit the targets above together. But "
            f"{n_given} of them are figures from which single parameters were set by hand; they are marked, and a hit "
            "there proves nothing. A miss is shown as a miss and was not mended."
        )
    caveats += [
        f"Of {len(parameters)} parameters {int(standing.get('assumed', 0))} are assumed and "
        f"{int(standing.get('free', 0))} are free for want of evidence; they are listed below.",
        "One theory of co-creation was run. Its rivals would give other numbers from the same people and the same "
        "luck; data from two pilot municipalities cannot tell which of them is right.",
        "People, arenas and votes are simulated. The page can say what follows from its assumptions, not what will "
        "happen in a named place.",
    ]
    if manifest["scenario"]["months"] < 24:
        caveats.append("The run is shorter than two years, so what the barometer asks about cannot be measured in it.")
    return caveats


def tell_provenance(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the birth certificate as rows of words."""
    birth = manifest["provenance"]
    commit = birth.get("commit")
    state = {True: ", with changes not committed", False: "", None: ", state not known"}[birth.get("dirty")]
    machine = birth.get("machine", {})
    return [
        ("made", f"{birth['time']} (UTC)"),
        ("cosim", str(birth["cosim"])),
        (
            "commit",
            f"{commit}{state}" if commit else "none: run from an installed package or a tree without one",
        ),
        ("seed", str(manifest["seed"])),
        ("replicates", str(len(manifest["replicates"]))),
        ("Python", f"{birth.get('implementation', '')} {birth['python']}".strip()),
        ("packages", ", ".join(f"{name} {version}" for name, version in birth["packages"].items())),
        (
            "machine",
            f"{machine.get('system')} {machine.get('architecture')}, {machine.get('processors')} processors",
        ),
        ("command", shlex.join(birth["command"])),
        *[(f"sha256 of {name}", digest) for name, digest in birth["sha256"].items()],
    ]


def tell_rerun(manifest: Mapping[str, Any]) -> str:
    """Return the command that makes the same numbers again, typed inside the folder of results."""
    words = ["cosim", "run", SCENARIO]
    if not manifest["process"]["own"]:
        words += ["--process", PROCESS]
    numbers = [int(one["replicate"]) for one in manifest["replicates"]]
    n_asked = int(manifest["scenario"].get("replicates", len(numbers)))
    words += ["--seed", str(manifest["seed"]), "--replicates", str(n_asked)]
    if (len(numbers) == 1 and n_asked != 1) or numbers[:1] not in ([], [0]):
        words += ["--only", str(numbers[0])]
    return shlex.join([*words, "--out", "again"])


def tell_references(cited: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return each work as a line, with the address a reader may follow if it ships with one."""
    known = read_references()
    lines = []
    for one in cited:
        work = known.get(one["key"])
        line = str(work) if work is not None else one.get("text") or one["key"]
        address = ""
        if work is not None:
            address = f"https://doi.org/{work.doi}" if work.doi else work.url
            line = line.removesuffix(address).rstrip()
        lines.append(
            {
                "line": line,
                "address": address if address.startswith("https://") else "",
                "by": one.get("by", ""),
            }
        )
    return sorted(lines, key=lambda line: line["line"].casefold())
