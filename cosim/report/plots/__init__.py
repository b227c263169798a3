"""Figures, one module a kind; matplotlib and networkx come in by this door only."""
