"""Questions asked of many runs. Floor 7."""
