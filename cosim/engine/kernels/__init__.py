"""Loops over rows; no rule lives here. Each file is one stretch of the month, over the arenas of one municipality.

Municipalities are the unit of work shared among threads: no kernel of one municipality writes what another reads in
the same stretch, so the number of threads changes no bit.
"""
