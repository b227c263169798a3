"""Instruments that read a run's record or ask its people; they know the engine's logs and never the model.

Floor 4. What is true is read off the record (level, quality, results, factors, dynamics); what would be seen is asked
with a questionnaire (instrument, survey, scales). ``observe`` names every outcome once.
"""
