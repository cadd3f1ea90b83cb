"""Comparing runs: the run table, its filter language, hyperparameters, groups and formulas."""
