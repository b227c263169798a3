"""Figures to files and to text, each bearing what it shows and where it came from."""

from __future__ import annotations

import contextlib
import io
import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cosim.errors import Complaint, StoreError
from cosim.report.plots.style import STYLE

DOTS_PER_INCH: Final = 160
_SVG_KEYS: Final = ("Title", "Description", "Source")
_PDF_KEYS: Final = {"Title": "Title", "Description": "Subject", "Source": "Keywords"}


def figure_of(axes: Axes) -> Figure:
    """Return the figure that axes lie in."""
    return axes.figure if isinstance(axes.figure, Figure) else axes.figure.figure


def draw_bytes(axes: Axes, kind: str, metadata: Mapping[str, str]) -> bytes:
    """Return a figure as the bytes of a file; the same figure always gives the same bytes.

    Parameters
    ----------
    kind : "svg", "png" or "pdf"
    metadata : Title, Description, Source; what a kind has no place for is left out
    """
    out = io.BytesIO()
    known: dict[str, Any]
    if kind == "svg":
        known = {key: metadata[key] for key in _SVG_KEYS if key in metadata} | {
            "Date": None,
            "Creator": "cosim",
        }
    elif kind == "pdf":
        known = {to: metadata[key] for key, to in _PDF_KEYS.items() if key in metadata} | {"CreationDate": None}
    else:
        known = {**metadata, "Software": "cosim"}
    with mpl.rc_context({name: STYLE[name] for name in ("svg.fonttype", "svg.hashsalt", "savefig.facecolor")}):
        figure_of(axes).savefig(out, format=kind, dpi=DOTS_PER_INCH, metadata=known)
    return out.getvalue()


def save_figure(axes: Axes, path: Path, metadata: Mapping[str, str]) -> Path:
    """Write a figure to a file whose ending says its kind, and return the path."""
    content = draw_bytes(axes, path.suffix.lower().removeprefix("."), metadata)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_bytes(content)
            os.replace(beside, path)
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
    except OSError as error:
        found = f"it cannot be written: {error.strerror or error}"
        do = "name another file, or make room"
        letter = StoreError([Complaint(str(path), "", found, "a file you may write", do)])
        letter.exit_code = 1
        raise letter from error
    return path
