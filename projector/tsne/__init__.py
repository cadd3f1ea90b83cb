"""t-SNE: neighbours → affinities → a layout that descends, by engines that can be exchanged."""

__all__: list[str] = []
