"""The theories that ship, and the way to anybody's own: by name, or by the path of a file."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final

from cosim.errors import nearest
from cosim.processes.fields import Letter, Section, is_name
from cosim.processes.files import parse_table, read_bytes, refuse
from cosim.processes.model import ProcessModel
from cosim.processes.reading import FASTEST, read_process_file

FOLDER: Final = Path(__file__).parent
MATCHED: Final = FOLDER / "matched.toml"


@cache
def list_processes() -> tuple[str, ...]:
    """Return the names of the theories that ship, in alphabetical order.

    Examples
    --------
    >>> list_processes()[0]
    'additive'
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path != MATCHED))


def read_process(name_or_path: str | os.PathLike[str]) -> ProcessModel:
    """Return a theory.

    Its scale is what its table says, else what matching found for its name, else 1.

    Parameters
    ----------
    name_or_path : name of a theory that ships, or path of a file (with a folder in it, or ending in ``.toml``)

    Returns
    -------
    ProcessModel

    Raises
    ------
    ProcessError
        With every complaint at once: no such theory (with the nearest name), no such file, or what is wrong in it.

    Examples
    --------
    >>> read_process("regime").title
    'The collaborative regime'
    """
    text = os.fspath(name_or_path)
    if not isinstance(name_or_path, str) or "/" in text or os.sep in text or text.endswith(".toml"):
        return read_process_file(text, read_matched())
    if text not in list_processes():
        allowed = f"one of {', '.join(list_processes())}, or the path of a .toml file"
        if "\0" not in text and os.path.isfile(text):
            do = f"rename it to {Path(text).with_suffix('.toml').name}"
            raise refuse(text, "", "a file whose name does not end in .toml", "a theory's file, ending in .toml", do)
        do = nearest(text[:60], list_processes()) or "cosim process list says what each of them is"
        raise refuse("process", "", repr(text)[:80], allowed, do)
    return read_process_file(FOLDER / f"{text}.toml", read_matched())


def is_shipped(model: ProcessModel) -> bool:
    """Return whether a theory is one that ships, word for word; one that only bears its name is not."""
    return model.name in list_processes() and read_process(model.name) == model


def label_of(model: ProcessModel, file: str | os.PathLike[str]) -> str:
    """Return what a theory is called wherever its results are shown.

    Parameters
    ----------
    model : ProcessModel
    file : where it was read from; told only of a theory that does not ship

    Examples
    --------
    >>> label_of(read_process("regime"), "regime")
    'regime'
    """
    return model.name if is_shipped(model) else f"{model.name} (own table, {Path(file).name})"


def read_matched(path: str | os.PathLike[str] = MATCHED) -> dict[str, float]:
    """Return the scale of each matched theory by its name.

    Raises
    ------
    ProcessError
        When the file is not a table of names and numbers above 0.
    """
    file = os.fspath(path)
    letter = Letter(file)
    section = Section(letter, "", parse_table(read_bytes(path), file), None)
    scales = {}
    for name in section.table:
        if not is_name(name):
            section.complain(name, "this name", "the name of a theory")
        scales[name] = section.number(name, 1e-6, FASTEST, None)
    letter.send()
    return scales
