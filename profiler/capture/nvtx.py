"""Names for NVIDIA's own profilers."""

from __future__ import annotations

import sys
import warnings

__all__ = ["NvtxRanges"]


class NvtxRanges:
    """`push(name)` and `pop()` where torch has NVTX; without CUDA they do nothing, and that is told."""

    def __init__(self, who: str) -> None:
        self.push, self.pop = _nothing, _nothing
        torch = sys.modules.get("torch")
        if torch is None:
            return
        nvtx = torch.cuda.nvtx
        try:
            nvtx.range_push("stepscope")
            nvtx.range_pop()
        except RuntimeError:
            warnings.warn(f"{who}: nvtx=True, but this torch was built without NVTX", stacklevel=4)
        else:
            self.push, self.pop = nvtx.range_push, nvtx.range_pop


def _nothing(*_: object) -> None:
    pass
