"""What this room asks of a scenario: its shape only, since a scenario stands on the same floor. Floor 4."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, Any]


class Planned(Protocol):
    """What is asked of a scheduled arena."""

    @property
    def where(self) -> str:
        """Key of the municipality."""
        ...

    @property
    def focus(self) -> str:
        """Focus area."""
        ...

    @property
    def area(self) -> str:
        """Service area."""
        ...

    @property
    def invites(self) -> tuple[str, ...]:
        """Sectors."""
        ...

    @property
    def opens_month(self) -> int:
        """Month of the run."""
        ...


class Setting(Protocol):
    """What is asked of a scenario; a scenario and this room stand on the same floor, so only its shape is named."""

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Keys, in order."""
        ...

    @property
    def table(self) -> Path | None:
        """An own table of municipalities."""
        ...

    @property
    def months(self) -> int:
        """Length of the run."""
        ...

    @property
    def seed(self) -> int:
        """Seed, 0 or more."""
        ...

    @property
    def people_every(self) -> int:
        """Months between two counts of everybody."""
        ...

    @property
    def arenas(self) -> Sequence[Planned]:
        """Scheduled arenas."""
        ...

    def setting_table(self) -> tuple[list[dict[str, float]], Array]:
        """Return distinct rows of settings and which row holds, [months, municipality]."""
        ...
