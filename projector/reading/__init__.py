"""Files of points: text, NumPy, Parquet, safetensors, raw numbers, checkpoints. None is opened that could run code."""

__all__: list[str] = []
