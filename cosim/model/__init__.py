"""The living world: months under way, windows on its people and arenas, and the Mesa model around it.

``living`` steps, asks, changes and records a world without Mesa; ``people``, ``arenas`` and ``municipalities`` are
windows that own nothing; ``actors`` and ``cocreation`` are Mesa's only door. Sweeps come no further than ``months``
and ``recording``, and so never pay for Mesa. Floor 5.
"""
