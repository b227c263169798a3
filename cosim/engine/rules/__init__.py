"""Behaviour: small pure scalar functions in the theory's words. No loop over people lives here, no array of state.

Rules do not raise and check nothing: what they are given was checked where it was declared.
"""
