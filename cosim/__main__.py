"""Lets ``python -m cosim`` be the command line."""

from __future__ import annotations

import sys

from cosim.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
