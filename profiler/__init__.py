"""Capture on the GPU, trace readers, analyses and reports. May import `stepscope.logger`; its parts come with their own issue."""

__all__: list[str] = []
