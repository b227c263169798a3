"""Where the letters are that figures are drawn with, for those who set text on paper in the same."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import matplotlib as mpl

FACES: Final = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf"}
MONO: Final = "DejaVuSansMono.ttf"


def font_files() -> dict[str, Path]:
    """Return the file of each face: "" upright, "B" bold, "I" slanted, "mono" of one width."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return {face: folder / name for face, name in {**FACES, "mono": MONO}.items()}
