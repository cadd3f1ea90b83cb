"""What GPUs can do at most, by their names: the denominators of MFU and of rooflines. From the makers' data sheets."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PeakRates", "peak_rates"]


@dataclass(frozen=True)
class PeakRates:
    """flops: dense 16-bit matrix products with 32-bit sums, FLOP/s; bandwidth: of the device's memory, bytes/s."""

    flops: float
    bandwidth: float


# Parts of names as the drivers tell them, upper case; the first that fits counts, so longer names come first.
# Without sparsity: data sheets of NVIDIA often give twice as much.
_TERA = 1e12
_RATES = {
    "GB200": PeakRates(2500 * _TERA, 8.0e12),
    "GB300": PeakRates(2500 * _TERA, 8.0e12),
    "B300": PeakRates(2250 * _TERA, 8.0e12),
    "B200": PeakRates(2250 * _TERA, 8.0e12),
    "B100": PeakRates(1750 * _TERA, 8.0e12),
    "GH200": PeakRates(989.4 * _TERA, 4.0e12),
    "H200": PeakRates(989.4 * _TERA, 4.8e12),
    "H100 PCIE": PeakRates(756.4 * _TERA, 2.04e12),
    "H100 NVL": PeakRates(835.5 * _TERA, 3.94e12),
    "H100": PeakRates(989.4 * _TERA, 3.35e12),
    "H800": PeakRates(989.4 * _TERA, 3.35e12),
    "H20": PeakRates(148 * _TERA, 4.0e12),
    "A100-PCIE-40GB": PeakRates(311.9 * _TERA, 1.555e12),
    "A100-SXM4-40GB": PeakRates(311.9 * _TERA, 1.555e12),
    "A100 80GB PCIE": PeakRates(311.9 * _TERA, 1.935e12),
    "A100": PeakRates(311.9 * _TERA, 2.039e12),
    "A800": PeakRates(311.9 * _TERA, 2.039e12),
    "A30": PeakRates(165 * _TERA, 0.933e12),
    "A40": PeakRates(149.7 * _TERA, 0.696e12),
    "A10G": PeakRates(70 * _TERA, 0.6e12),
    "A10": PeakRates(125 * _TERA, 0.6e12),
    "L40S": PeakRates(362 * _TERA, 0.864e12),
    "L40": PeakRates(181 * _TERA, 0.864e12),
    "L4": PeakRates(121 * _TERA, 0.3e12),
    "RTX 6000 ADA": PeakRates(364.2 * _TERA, 0.96e12),
    "RTX A6000": PeakRates(154.8 * _TERA, 0.768e12),
    "RTX 4090": PeakRates(165.2 * _TERA, 1.008e12),
    "RTX 3090": PeakRates(71 * _TERA, 0.936e12),
    "RTX 2080 TI": PeakRates(53.8 * _TERA, 0.616e12),
    "V100": PeakRates(125 * _TERA, 0.9e12),
    "T4": PeakRates(65 * _TERA, 0.32e12),
    "MI355": PeakRates(2516 * _TERA, 8.0e12),
    "MI325": PeakRates(1307.4 * _TERA, 6.0e12),
    "MI300X": PeakRates(1307.4 * _TERA, 5.3e12),
    "MI300A": PeakRates(980.6 * _TERA, 5.3e12),
    "MI250X": PeakRates(191.5 * _TERA, 1.6e12),  # of one of its two dies, each a device of its own
    "MI250": PeakRates(181 * _TERA, 1.6e12),
    "MI210": PeakRates(181 * _TERA, 1.6e12),
    "MI100": PeakRates(184.6 * _TERA, 1.23e12),
}


def peak_rates(device_name: str) -> PeakRates | None:
    """The rates of a GPU ("NVIDIA H100 80GB HBM3"); None for one that is not in the table."""
    words = device_name.upper()
    return next((rates for part, rates in _RATES.items() if _has(words, part)), None)


def _has(words: str, part: str) -> bool:
    """Whether the part begins at a word's beginning: "RTX A4000" is no A40."""
    place = words.find(part)
    if place < 0:
        return False
    before, after = words[place - 1 : place], words[place + len(part) : place + len(part) + 1]
    return not before.isalnum() and (not after.isdigit())
