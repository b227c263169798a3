"""From records to a folder: tables are taken off each record as it comes, and the record is let go.

Floor 8. Comes in: a checked scenario and its runs. Goes out: what was kept; with it the outcomes of every replicate,
so that the answer can be given even where a disk would not hold the tables.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cosim.errors import Complaint, StoreError
from cosim.measurement.observe import OUTCOMES, outcomes
from cosim.measurement.tables import column_notes, tables_of
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.declaration import cited_keys
from cosim.processes.catalogue import label_of, read_process
from cosim.processes.model import ASSUMED, ProcessModel
from cosim.results.provenance import gather_provenance
from cosim.results.record import FailedRun, RunRecord
from cosim.results.store import PROCESS, SCENARIO, default_folder
from cosim.results.tables import Note
from cosim.results.writer import ResultsWriter
from cosim.scenario.describing import scenario_to_toml
from cosim.scenario.model import Scenario

Run = RunRecord | FailedRun

MUNICIPALITIES: Final = "municipalities.csv"
SHIPPED_PROCESSES: Final = Path(read_process.__code__.co_filename).parent


@dataclass(slots=True)
class Kept:
    """What a set of runs left: the folder (None while there is none), outcomes by replicate, and what fell.

    ``process`` is the theory's name, ``theory`` what it is called where it is shown: an own table is called one.
    """

    scenario: Scenario
    process: str
    theory: str
    folder: Path | None = None
    rows: list[dict[str, float]] = field(default_factory=list)
    failed: list[FailedRun] = field(default_factory=list)
    replicates: list[dict[str, Any]] = field(default_factory=list)

    @property
    def n_done(self) -> int:
        """How many replicates ran to their end."""
        return len(self.rows)

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row a replicate, one column an outcome."""
        return pd.DataFrame(self.rows)


class Keeper:
    """Keeps the runs of one scenario in one folder; ``kept`` is right at every moment.

    Parameters
    ----------
    scenario : Scenario
    folder : where to; a folder named for scenario, theory, seed and time by default
    replace : whether results already there may give way
    command : the command line, for the manifest
    """

    def __init__(
        self,
        scenario: Scenario,
        folder: Path | None = None,
        *,
        replace: bool = False,
        command: Sequence[str] = (),
    ) -> None:
        self.model = read_process(scenario.process)
        self.kept = Kept(scenario, self.model.name, label_of(self.model, scenario.process))
        self._place = folder or default_folder(scenario.name, self._name_in_folder(), scenario.seed)
        self._replace, self._command = replace, command

    def keep(self, runs: Iterable[Run]) -> Kept:
        """Take every run as it comes, write the folder, and return what was kept.

        Raises
        ------
        StoreError
            The folder cannot be made or filled; before the first run where that can be known.
        """
        kept = self.kept
        texts = self._texts()
        notes = self._notes()
        with closing(_flowing(runs)) as flow, ResultsWriter(self._place, replace=self._replace) as writer:
            for one in flow:
                if isinstance(one, FailedRun):
                    kept.failed.append(one)
                    kept.replicates.append({"replicate": one.replicate, "status": "failed", "stage": one.stage})
                    continue
                measured = outcomes(one)
                kept.rows.append({"replicate": one.replicate, **measured})
                kept.replicates.append({"replicate": one.replicate, "status": "done", "seconds": round(one.seconds, 4)})
                tables = {**tables_of(one), "outcomes": pd.DataFrame([measured], dtype="float64")}
                writer.add(one.replicate, tables, notes)
            for name, text in texts.items():
                writer.add_text(name, text)
            kept.folder = writer.finish(self._manifest(texts), kept.failed)
        return kept

    def _name_in_folder(self) -> str:
        return self.model.name if self.kept.theory == self.model.name else f"{self.model.name}-own"

    def _texts(self) -> dict[str, str]:
        """Return the files from which the folder can be made again: scenario, theory, own municipalities."""
        scenario = self.kept.scenario
        texts = {}
        own_process = scenario.process != self.model.name
        if scenario.table is not None and scenario.table.parent.name != "evidence":
            texts[MUNICIPALITIES] = _read(scenario.table)
        path = Path(scenario.process) if own_process else SHIPPED_PROCESSES / f"{scenario.process}.toml"
        texts[PROCESS] = _read(path)
        alone = replace(scenario, process=PROCESS) if own_process else scenario
        text = scenario_to_toml(alone)
        if MUNICIPALITIES in texts and scenario.table is not None:
            text = text.replace(f'"{scenario.table.absolute().as_posix()}"', f'"{MUNICIPALITIES}"')
        return {SCENARIO: text, **texts}

    def _notes(self) -> dict[str, dict[str, Note]]:
        return {
            **column_notes(),
            "outcomes": {name: Note(one.unit, one.meaning) for name, one in OUTCOMES.items()},
        }

    def _manifest(self, texts: dict[str, str]) -> dict[str, Any]:
        scenario, model = self.kept.scenario, self.model
        parameters = describe_values(scenario)
        provenance = gather_provenance(seed=scenario.seed, command=self._command, texts=texts, parameters=parameters)
        return {
            "scenario": {
                "name": scenario.name,
                "title": scenario.title,
                "title_nb": scenario.title_nb,
                "question": scenario.question,
                "question_nb": scenario.question_nb,
                "reasons": list(scenario.reasons),
                "start": [int(one) for one in scenario.start],
                "months": scenario.months,
                "replicates": scenario.replicates,
                "municipalities": list(scenario.municipalities),
                "text": texts[SCENARIO],
            },
            "process": {
                "name": model.name,
                "label": self.kept.theory,
                "title": model.title,
                "about": model.about,
                "scale": model.scale,
                "own": scenario.process != model.name,
                "text": texts[PROCESS],
            },
            "seed": scenario.seed,
            "replicates": sorted(self.kept.replicates, key=lambda one: int(one["replicate"])),
            "parameters": parameters,
            "references": list_references(model),
            "calibration": None,
            "provenance": provenance,
        }


def _flowing(runs: Iterable[Run]) -> Generator[Run]:
    """Yield the runs; closing this stops those that have not begun."""
    yield from runs


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        do = "put it back and run again: it was read a moment ago"
        raise StoreError([Complaint(str(path), "", f"it cannot be read: {error}", "the same file", do)]) from error


def describe_values(scenario: Scenario) -> list[dict[str, Any]]:
    """Return every parameter with its value in a scenario, and on whose word it stands, ready for JSON.

    Values of one municipality and scheduled changes stand in the scenario's text.
    """
    rows = []
    for name, one in read_declarations().items():
        value = scenario.settings.get(name, one.default)
        rows.append(
            {
                "name": name,
                "value": value,
                "written": one.written(value),
                "default": one.default,
                "choices": list(one.choices),
                "unit": one.unit,
                "standing": one.standing,
                "role": one.role,
                "label": one.label,
                "means": one.means,
                "sources": list(cited_keys(one)),
            }
        )
    return rows


def list_references(model: ProcessModel) -> list[dict[str, str]]:
    """Return every work that the theory and the parameters cite: key, and the line of one that does not ship."""
    own = {source.key: source.where for source in model.sources if source.where}
    keys = [source.key for source in model.sources]
    keys += [one.source for one in model.arrows] + [one.source for one in model.moderators]
    keys += [one.source for one in model.phases] + [one.hazard.source for one in model.phases]
    keys += [one.source for one in model.claims] + [model.feedback.source]
    keys += [] if model.start is None else [model.start.source]
    theory = {key for key in keys if key != ASSUMED}
    parameters = {key for one in read_declarations().values() for key in cited_keys(one)}
    return [
        {
            "key": key,
            "text": own.get(key, ""),
            "by": " and ".join(
                word for word, cited in (("theory", theory), ("parameters", parameters)) if key in cited
            ),
        }
        for key in sorted(theory | parameters)
    ]
