"""Scenarios: from a file of a few lines to a frozen world with its people's names, months, values and events.

What comes in is TOML, perhaps resting on another file, and overrides from the command line; what goes out is a
`Scenario` in which everything is checked, or one letter with every complaint. A scenario holds seeds, never luck, and
values, never arrays of people. Floor 4.
"""
