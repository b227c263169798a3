"""Draws a world and its people from a scenario and the evidence. Floor 4."""
