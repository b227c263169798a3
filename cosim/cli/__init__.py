"""The command line: what is asked for, what is answered, and a letter when it cannot be done. Floor 8."""

from cosim.cli.entry import main

__all__ = ["main"]
