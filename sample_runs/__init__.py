"""Scripts that write the runs in `logs/` with the public API: `python -m sample_runs OUT [names…]`."""
