"""Which kernels use tensor cores (matrix cores on AMD's devices), told by their names, and which could.

Names are those of cuBLAS, cuDNN, CUTLASS, flash attention, nvjet, Triton's libraries and rocBLAS up to sm_100.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace
from .attribution import Attribution
from .names import named

__all__ = ["TensorCores", "is_eligible", "kernels_on_tensor_cores", "tensor_cores", "uses_tensor_cores"]

# What stands for a tensor-core instruction, a library that uses nothing else, or a matrix core of AMD.
_USED = re.compile(
    r"[hsdi]884|[hsdi]1688|[hsbdi]?16816|16832|8816(?!\d)|8832|88128"  # mma shapes of sm_70 to sm_89 in names
    r"|tensor_?op|wmma|(?<![a-z])hmma|imma(?![a-z])|mma_?sync|dmma|MmaAtom|SM\d+_\d+x\d+x\d+"
    r"|xmma_(?:new_)?(?:gemm|fprop|dgrad|wgrad|conv|batched|sparse)"
    r"|gmma|warpgroup|nvjet|tcgen05|umma|(?:cutlass|cute).*sm(?:90|100|103|120)|cutlass3x"
    r"|^(?:bmm|gemm)_\w+_t\d+x\d+x\d+u?\d*_s\d+_"  # TensorRT-LLM's generated products for sm_100
    r"|flash_(?:fwd|bwd)|flash::|fmha|flash_attn|flashattn|sdpa_sm\d+|cudnn_generated_\w*sdpa|FlashInfer.*MMA"
    r"|turing_(?:h|fp16|i)|volta_(?:h884|fp16_s884)|deep_gemm|marlin|machete"
    r"|mfma|_MI\d+x\d+|ck_tile.*(?:gemm|fmha)|wvSplitK",
    re.IGNORECASE,
)
# float32 or float64 on the plain units, whatever else the name says; "simt" is CUTLASS's word for them.
_PLAIN = re.compile(
    r"simt|ffma|xmma_\w+_f32f32_f32f32|[sd]gemm_(?:\d+x\d+|largek|tn|nn|nt)(?!.*tensorop)", re.IGNORECASE
)
# Operators whose work tensor cores do where type, shape and settings allow it.
_ELIGIBLE = re.compile(
    r"^(?:aten::)?(?:_?addmm\w*|mm|bmm|baddbmm|addbmm|matmul|linear|_scaled_mm\w*|_grouped_mm|_?convolution\w*"
    r"|conv\d+d|conv_transpose\d+d|(?:cudnn|miopen|mkldnn|slow|thnn)_\w*conv\w*|_thnn_conv2d\w*|einsum|_int_mm"
    r"|_scaled_dot_product\w*attention\w*|_flash_attention\w*|_efficient_attention\w*|_cudnn_attention\w*"
    r"|lstm|gru|_cudnn_rnn\w*|_thnn_fused_\w+)$|flash_attn|xformers.*fmha|cutlass|gemm",
    re.IGNORECASE,
)

# Kernels around the work itself: layouts, sums over splits, copies, element by element.
_HELPER = re.compile(r"at::native|nchwTo|nhwcTo|split_?k_?reduce|reduce_kernel|convert|transpose|Memset|im2col", re.I)


def uses_tensor_cores(kernel: str) -> bool:
    """Whether a kernel's name says that it runs on tensor cores."""
    return bool(_USED.search(kernel)) and not _PLAIN.search(kernel)


def is_eligible(operator: str) -> bool:
    """Whether an operator's work is of the kind that tensor cores do: products of matrices, convolutions, attention."""
    return bool(_ELIGIBLE.search(operator))


def kernels_on_tensor_cores(trace: Trace, found: Attribution) -> NDArray[np.bool_]:
    """(d,) whether each piece of device work is a kernel on tensor cores."""
    is_kernel = trace.slices.category[found.rows] == Category.KERNEL
    return named(trace, np.where(is_kernel, found.rows, -1), uses_tensor_cores)


@dataclass(frozen=True)
class TensorCores:
    """Times are ns of kernels, side by side ones added up; `unused` (d,) names pieces of device work.

    eligible  launched by operators whose work tensor cores can do
    unused    of those: kernels that do the work itself, on plain units
    """

    total: int
    used: int
    eligible: int
    unused: NDArray[np.bool_]
    unused_time: int


def tensor_cores(trace: Trace, found: Attribution) -> TensorCores:
    """How much of the kernels' time tensor cores have, could have, and miss."""
    duration = np.maximum(trace.slices.duration[found.rows], 0)
    kernel = trace.slices.category[found.rows] == Category.KERNEL
    used = kernels_on_tensor_cores(trace, found)
    eligible = kernel & named(trace, found.operator, is_eligible)
    unused = eligible & ~used & ~named(trace, found.rows, _HELPER.search)
    return TensorCores(
        int(duration[kernel].sum()),
        int(duration[used].sum()),
        int(duration[eligible].sum()),
        unused,
        int(duration[unused].sum()),
    )
