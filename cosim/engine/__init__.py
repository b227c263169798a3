"""The compiled engine: addressed luck, state as arrays, rules a theorist can read, loops over rows.

Floor 2: knows nothing above ``vocabulary``. Every compiled function asks ``compiling`` for its decorator, so the folder
of compiled code is keyed by a hash of all the engine's sources and can never be stale.
"""
