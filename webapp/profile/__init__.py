"""Profiles for the page: found in the log, opened once, asked about."""
