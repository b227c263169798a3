"""What every test leans on: no screen, and luck that is the same each time the tests run."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# A test that fails must fail for everybody. `pytest --hypothesis-profile=search` looks where nobody has looked yet.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("steady")
