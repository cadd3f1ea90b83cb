"""At most so many values of each tag: a random choice among all, the same one that TensorBoard makes.

Vitter's algorithm R with Python's generator, seeded alike for every tag; the newest value always stands at the end.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Reservoir"]

Item = TypeVar("Item")


class Reservoir(Generic[Item]):
    """Items by key.

    size               items kept of each key; 0 keeps all
    always_keep_last   whether the newest item is kept in any case
    """

    def __init__(self, size: int, seed: int = 0, always_keep_last: bool = True) -> None:
        if size < 0 or int(size) != size:
            raise ValueError(f"size must be a whole number from 0, got {size}")
        self.size = size
        self.always_keep_last = always_keep_last
        self._seed = seed
        self._buckets: dict[str, _Bucket[Item]] = {}

    def Keys(self) -> list[str]:
        """The keys, in the order in which they came."""
        return list(self._buckets)

    def Items(self, key: str) -> list[Item]:
        """What is kept of a key. Raises KeyError."""
        if key not in self._buckets:
            raise KeyError(f"Key {key} was not found in Reservoir")
        return list(self._buckets[key].items)

    def AddItem(self, key: str, item: Item) -> None:
        """Offer an item."""
        self.offer(key, lambda: item)

    def offer(self, key: str, make: Callable[[], Item]) -> None:
        """Offer an item that is made only if it is kept."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(random.Random(self._seed))
        if self.size == 0 or len(bucket.items) < self.size:
            bucket.items.append(make())
        else:
            place = bucket.random.randint(0, bucket.seen)
            if place < self.size:
                del bucket.items[place]
                bucket.items.append(make())
            elif self.always_keep_last:
                bucket.items[-1] = make()
        bucket.seen += 1

    def FilterItems(self, keep: Callable[[Item], bool], key: str | None = None) -> int:
        """Drop items of a key, or of all, that `keep` says no to; how many these were."""
        buckets = list(self._buckets.values()) if not key else [self._buckets[key]] if key in self._buckets else []
        return sum(bucket.filter(keep) for bucket in buckets)


class _Bucket(Generic[Item]):
    def __init__(self, generator: random.Random) -> None:
        self.items: list[Item] = []
        self.seen = 0
        self.random = generator

    def filter(self, keep: Callable[[Item], bool]) -> int:
        before = len(self.items)
        self.items = [item for item in self.items if keep(item)]
        left = len(self.items) / before if before else 0.0
        self.seen = round(self.seen * left)  # an estimate: nobody knows what became of those not kept
        return before - len(self.items)
