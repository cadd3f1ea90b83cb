"""TensorBoard 2.21's dashboards, in the order of its tabs."""

from __future__ import annotations

__all__ = ["LISTING"]

_SERIES = frozenset({"scalars", "histograms", "images"})


def _element(name: str) -> dict[str, str]:
    return {"type": "CUSTOM_ELEMENT", "element_name": name}


_COMPONENT = {"type": "NG_COMPONENT"}

# name → (tab name, disable_reload, kinds of data it shows, how the page loads it)
LISTING: dict[str, tuple[str, bool, frozenset[str], dict[str, str]]] = {
    "timeseries": ("Time Series", False, _SERIES, _COMPONENT),
    "scalars": ("scalars", False, frozenset({"scalars"}), _element("tf-scalar-dashboard")),
    "custom_scalars": ("Custom Scalars", False, frozenset({"custom_scalars"}), _element("tf-custom-scalar-dashboard")),
    "images": ("images", False, frozenset({"images"}), _element("tf-image-dashboard")),
    "audio": ("audio", False, frozenset({"audio"}), _element("tf-audio-dashboard")),
    "debugger-v2": ("Debugger V2", False, frozenset(), _COMPONENT),
    "graphs": ("graphs", True, frozenset({"graphs"}), _element("tf-graph-dashboard")),
    "distributions": ("distributions", False, frozenset({"histograms"}), _element("tf-distribution-dashboard")),
    "histograms": ("histograms", False, frozenset({"histograms"}), _element("tf-histogram-dashboard")),
    "text": ("text", False, frozenset({"text"}), _element("tf-text-dashboard")),
    "pr_curves": ("PR Curves", False, frozenset({"pr_curves"}), _element("tf-pr-curve-dashboard")),
    "profile_redirect": ("Profile", False, frozenset(), _element("tf-profile-redirect-dashboard")),
    "hparams": ("hparams", False, frozenset({"hparams"}), _element("tf-hparams-dashboard")),
    "mesh": ("mesh", False, frozenset({"meshes"}), _element("mesh-dashboard")),
    "wit_redirect": ("What-If Tool", False, frozenset(), _element("tf-wit-redirect-dashboard")),
    "projector": (
        "projector",
        True,
        frozenset({"projector"}),
        {"type": "IFRAME", "module_path": "/data/plugin/projector/index.js"},
    ),
}
