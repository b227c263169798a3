"""What is known: tables of evidence, where each number says who says so, and small readers for them.

Floor 2. Municipalities, national values, ordered starting profiles, calibration targets, held-out findings, the
creative climate table and the references. Each reader lives in its own module and is imported from there; the one of
the held-out findings stands alone so that the calibration can be kept away from it.
"""
