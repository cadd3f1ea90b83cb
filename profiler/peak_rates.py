"""What GPUs can do at most, by their names: the denominators of MFU and of rooflines. From the makers' data sheets."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PeakRates", "peak_rates"]


@dataclass(frozen=True)
class PeakRates:
    """flops: dense 16-bit matrix products with 32-bit sums, FLOP/s; bandwidth: of the device's memory, bytes/s.

    float32: FLOP/s of float32 beside the tensor cores
    """

    flops: float
    bandwidth: float
    float32: float


# Parts of names as the drivers tell them, upper case; the first that fits counts, so longer names come first.
# Without sparsity: data sheets of NVIDIA often give twice as much.
_TERA = 1e12
_RATES = {
    "GB200": PeakRates(2500 * _TERA, 8.0e12, 80 * _TERA),
    "GB300": PeakRates(2500 * _TERA, 8.0e12, 80 * _TERA),
    "B300": PeakRates(2250 * _TERA, 8.0e12, 75 * _TERA),
    "B200": PeakRates(2250 * _TERA, 8.0e12, 75 * _TERA),
    "B100": PeakRates(1750 * _TERA, 8.0e12, 60 * _TERA),
    "GH200": PeakRates(989.4 * _TERA, 4.0e12, 66.9 * _TERA),
    "H200 NVL": PeakRates(835.5 * _TERA, 4.8e12, 60 * _TERA),
    "H200": PeakRates(989.4 * _TERA, 4.8e12, 66.9 * _TERA),
    "H100 PCIE": PeakRates(756.4 * _TERA, 2.04e12, 51.2 * _TERA),
    "H100 NVL": PeakRates(835.5 * _TERA, 3.94e12, 60 * _TERA),
    "H100": PeakRates(989.4 * _TERA, 3.35e12, 66.9 * _TERA),
    "H800": PeakRates(989.4 * _TERA, 3.35e12, 66.9 * _TERA),
    "H20": PeakRates(148 * _TERA, 4.0e12, 44 * _TERA),
    "A100-PCIE-40GB": PeakRates(311.9 * _TERA, 1.555e12, 19.5 * _TERA),
    "A100-SXM4-40GB": PeakRates(311.9 * _TERA, 1.555e12, 19.5 * _TERA),
    "A100 80GB PCIE": PeakRates(311.9 * _TERA, 1.935e12, 19.5 * _TERA),
    "A100": PeakRates(311.9 * _TERA, 2.039e12, 19.5 * _TERA),
    "A800": PeakRates(311.9 * _TERA, 2.039e12, 19.5 * _TERA),
    "A30": PeakRates(165 * _TERA, 0.933e12, 10.3 * _TERA),
    "A40": PeakRates(149.7 * _TERA, 0.696e12, 37.4 * _TERA),
    "A10G": PeakRates(70 * _TERA, 0.6e12, 31.2 * _TERA),
    "A10": PeakRates(125 * _TERA, 0.6e12, 31.2 * _TERA),
    "L40S": PeakRates(362 * _TERA, 0.864e12, 91.6 * _TERA),
    "L40": PeakRates(181 * _TERA, 0.864e12, 90.5 * _TERA),
    "L4": PeakRates(121 * _TERA, 0.3e12, 30.3 * _TERA),
    "RTX 6000 ADA": PeakRates(364.2 * _TERA, 0.96e12, 91.1 * _TERA),
    "RTX A6000": PeakRates(154.8 * _TERA, 0.768e12, 38.7 * _TERA),
    "RTX 5090": PeakRates(209.5 * _TERA, 1.792e12, 104.8 * _TERA),
    "RTX 4090": PeakRates(165.2 * _TERA, 1.008e12, 82.6 * _TERA),
    "RTX 3090": PeakRates(71 * _TERA, 0.936e12, 35.6 * _TERA),
    "RTX 2080 TI": PeakRates(53.8 * _TERA, 0.616e12, 13.4 * _TERA),
    "V100S": PeakRates(130 * _TERA, 1.134e12, 16.4 * _TERA),
    "V100-PCIE": PeakRates(112 * _TERA, 0.9e12, 14 * _TERA),
    "V100": PeakRates(125 * _TERA, 0.9e12, 15.7 * _TERA),
    "T4": PeakRates(65 * _TERA, 0.32e12, 8.1 * _TERA),
    "MI355": PeakRates(2516 * _TERA, 8.0e12, 157.3 * _TERA),
    "MI350": PeakRates(2300 * _TERA, 8.0e12, 144.2 * _TERA),
    "MI325": PeakRates(1307.4 * _TERA, 6.0e12, 163.4 * _TERA),
    "MI300X": PeakRates(1307.4 * _TERA, 5.3e12, 163.4 * _TERA),
    "MI300A": PeakRates(980.6 * _TERA, 5.3e12, 122.6 * _TERA),
    "MI250X": PeakRates(191.5 * _TERA, 1.6e12, 23.9 * _TERA),  # of one of its two dies, each a device of its own
    "MI250": PeakRates(181 * _TERA, 1.6e12, 22.6 * _TERA),
    "MI210": PeakRates(181 * _TERA, 1.6e12, 22.6 * _TERA),
    "MI100": PeakRates(184.6 * _TERA, 1.23e12, 23.1 * _TERA),
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
