"""The same month as an experienced Mesa user would write it: agents with traits as attributes.

Written from the description of the model and not from the engine's code, so that it is also a second pair of eyes:
``tests/verification/test_plain_mesa.py`` shows that both give the same distributions. It has what the reference
scenario uses, and leaves out what is switched off there: recruitment of the under-represented, thresholds, copying
with errors, the conformity rule, and scandals.
"""
