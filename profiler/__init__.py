"""Capture on the GPU, trace readers, analyses and reports. Nothing is public here yet.

May import `stepscope.logger`; only `stepscope.webapp` may import this package.
"""

__all__: list[str] = []
