"""What the metadata of one cluster holds more often than that of all the others.

Class-based tf-idf: Grootendorst, "BERTopic: neural topic modeling with a class-based TF-IDF procedure", 2022, section
3.3: all texts of a cluster are one document, and a term t in cluster c weighs tf(t, c) · log(1 + A / f(t)); A is the
mean number of terms in a cluster, f(t) how often t comes in all of them. tf is the share of c's terms here, so that a
small cluster is not judged by its few words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from .embedding import Column, Embedding

__all__ = ["Metadata"]

_NUMBER = re.compile(r"[-+.\d]+(e[-+]?\d+)?")
_WORD = re.compile(r"\w[\w'’-]*")
_FEWEST = 0.05  # of a cluster's points: a term that fewer of them hold does not describe it
_EMPTY = frozenset(  # words that hold sentences together and say nothing about them
    re.findall(
        r"\w+",
        "a an and are as at be but by for from had has have he her his i in is it its not of on or our she so that the "
        "their them they this to was we were which with you your",
    )
)


class Metadata:
    """The columns that name clusters. columns: None takes all that are no numbers.

    Raises ValueError for a column that is not there.
    """

    def __init__(self, embedding: Embedding, columns: Sequence[str] | None) -> None:
        if missing := [name for name in columns or () if name not in embedding.columns]:
            there = ", ".join(embedding.columns) or "none"
            raise ValueError(f"{embedding.name} has no column {missing[0]!r}: it has {there}")
        self._columns = [
            column
            for name, column in embedding.columns.items()
            if (name in columns if columns is not None else column.kind != "number")
        ]

    def top_terms(self, labels: NDArray[np.int32], count: int) -> list[tuple[str, ...]]:
        """The terms of clusters 0, 1, …, the most telling first, up to `count`; -1 counts as no cluster.

        Cells of categories are one term, other texts are cut into words. No term for a cluster whose points have
        nothing in common.
        """
        sizes = np.bincount(labels[labels >= 0])
        names: list[str] = []
        parts = []
        for column in self._columns:
            held, terms = _held(column)
            parts.append(_counts(held, labels, len(sizes)))
            names += terms
        if not parts or not len(sizes):
            return [()] * len(sizes)
        return _heaviest(hstack(parts, format="csr"), names, sizes, count)

    def cells(self, rows: NDArray[np.int64]) -> tuple[str, ...]:
        """What the first column with a text says of these rows."""
        for column in self._columns:
            if told := [text for row in rows if (text := str(column.cells[row]).strip())]:
                return tuple(dict.fromkeys(told))
        return ()


def _held(column: Column) -> tuple[csr_array, list[str]]:
    """((n, terms) 1 where a row holds a term, the terms)."""
    texts, codes = column.categories
    vocabulary: dict[str, int] = {}
    of_texts = [_words(text) if column.kind == "text" else _whole(text, column.name) for text in texts]
    places = [sorted({vocabulary.setdefault(term, len(vocabulary)) for term in terms}) for terms in of_texts]
    ends = np.cumsum([0, *map(len, places)])
    flat = np.array([place for each in places for place in each], np.int64)
    by_text = csr_array((np.ones(len(flat)), flat, ends), shape=(len(texts), len(vocabulary)))
    return by_text[codes], list(vocabulary)


def _whole(text: str, name: str) -> list[str]:
    """A category; a number alone would not say of what."""
    if not text.strip() or text == "nan":
        return []
    return [f"{name} {text}" if _NUMBER.fullmatch(text) else text]


def _words(text: str) -> list[str]:
    return [word for word in map(str.lower, _WORD.findall(text)) if word not in _EMPTY and not word.isdigit()]


def _counts(held: csr_array, labels: NDArray[np.int32], clusters: int) -> csr_array:
    """(clusters, terms): how many points of each cluster hold each term."""
    known = np.flatnonzero(labels >= 0)
    members = csr_array((np.ones(len(known)), (labels[known], known)), shape=(clusters, len(labels)))
    return (members @ held).tocsr()


def _heaviest(counts: csr_array, names: list[str], sizes: NDArray[np.int64], count: int) -> list[tuple[str, ...]]:
    totals = np.asarray(counts.sum(axis=1)).ravel()
    overall = np.asarray(counts.sum(axis=0)).ravel()
    found = []
    for label, size in enumerate(sizes):
        here = slice(counts.indptr[label], counts.indptr[label + 1])
        places, held = counts.indices[here], counts.data[here]
        common = held >= max(_FEWEST * size, 2.0)
        places, held = places[common], held[common]
        weights = held / totals[label] * np.log1p(totals.mean() / overall[places])
        order = places[np.lexsort((places, -weights))]
        found.append(tuple(dict.fromkeys(names[place] for place in order[: 2 * count]))[:count])
    return found
