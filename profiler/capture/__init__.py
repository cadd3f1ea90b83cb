"""Measuring a training while it runs: StepTimer for every step, Profiler for a few of them in full detail."""
