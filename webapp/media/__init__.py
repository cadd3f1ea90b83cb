"""Values that are no scalars, as pages show them: one module a kind, imported when its first value is asked for."""

from __future__ import annotations

__all__ = ["MODULES"]

# kind of the log → the module of this package that registers its forms
MODULES: dict[str, str] = {
    "audio": "audio",
    "confusion_matrices": "confusion_matrices",
    "html": "panes",
    "images": "images",
    "meshes": "meshes",
    "other": "tensors",
    "plotly": "figures",
    "tables": "tables",
    "text": "text",
}
