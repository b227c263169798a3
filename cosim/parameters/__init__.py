"""Parameters, each declared once: default, unit, range, prior, standing, role, source, cost and meaning.

What comes in are the tables in ``declarations/``, one file a group; what goes out are `Declaration` rows, checked
values, and the record array of settings that the engine reads. Floor 3.
"""
