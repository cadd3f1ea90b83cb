"""Functions from a trace to a table of figures."""
