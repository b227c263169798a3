"""The sub-models alone, callable with the set-ups of the works they come from.

Each file holds compiled loops over the engine's own rules and a plain face with checked arguments. Luck is addressed
as everywhere: every function that uses it takes ``seed`` and ``replicate``, and nothing depends on threads or order.
"""
