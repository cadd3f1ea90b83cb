"""Measurements of stepscope against its rivals, each in the same run on the same files: `python -m benchmarks`."""
