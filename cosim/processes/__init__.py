"""Rival theories of co-creation as tables, and what reads, checks, compiles and draws one.

Floor 3. A theory is a TOML file in this folder (or anybody's own): constructs, signed arrows, phases, a start gate,
what is learned, and claims. `catalogue` finds one by name or path, `reading` checks it in one letter, `compile` turns
it into the arrays that the kernel reads, `graph` says what loops it has, `describe` prints it.
"""
