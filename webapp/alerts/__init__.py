"""Alerts: rules that are checked as points arrive, and what happens when one holds."""
