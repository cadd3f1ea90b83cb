"""The distribution, tensor and embedding methods of SummaryWriter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .embedding_files import Embedding, check_embedding, metadata_rows, write_embedding
from .summaries import histogram, tensor
from .values import array, number
from .writer_core import WriterCore, call_name


class DataMethods(WriterCore):
    """Arrays. They are copied at the call, everything else happens in the background."""

    def add_histogram(
        self,
        tag: str,
        values: Any,
        global_step: Any = None,
        bins: str | Any = "tensorflow",
        walltime: float | None = None,
        max_bins: int | None = None,
    ) -> None:
        """Log the distribution of all `values` (any shape).

        bins: "tensorflow" (from ±1e-12, growing by 10 %), or numpy.histogram's: a rule's name, a number, edges.
        Infinities count in an outermost bucket, NaN only in the number of values.
        Raises ValueError when there are no values or no such bins, TypeError when they are no real numbers.
        """
        call = call_name("add_histogram", tag)
        taken = array(call, values, what="numbers")
        if 0 in taken.shape:
            raise ValueError(f"{call}: expected at least one value, got an array of shape {taken.shape}")
        if isinstance(taken, np.ndarray) and taken.dtype.kind not in "fiub":
            raise TypeError(f"{call}: expected real numbers, got an array of type {taken.dtype}")
        edges = histogram.checked_bins(call, bins, max_bins)
        build = lambda: histogram.histogram_summary(tag, taken, edges, max_bins)  # noqa: E731
        self._add(call, build, global_step, walltime, taken.nbytes)

    def add_histogram_raw(
        self,
        tag: str,
        min: float,
        max: float,
        num: float,
        sum: float,
        sum_squares: float,
        bucket_limits: Sequence[float],
        bucket_counts: Sequence[float],
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log a histogram counted elsewhere: `bucket_limits` are the right edges of the buckets.

        Raises ValueError unless there are as many limits as counts.
        """
        call = call_name("add_histogram_raw", tag)
        limits = np.asarray(array(call, bucket_limits)).reshape(-1).tolist()
        counts = np.asarray(array(call, bucket_counts)).reshape(-1).tolist()
        if len(limits) != len(counts):
            raise ValueError(f"{call}: expected as many limits as counts, got {len(limits)} and {len(counts)}")
        least, most, count, total, squares = (float(number(call, one)) for one in (min, max, num, sum, sum_squares))
        moments = (least, most, count, total, squares)
        build = lambda: histogram.raw_histogram_summary(tag, moments, limits, counts)  # noqa: E731
        self._add(call, build, global_step, walltime, 16 * len(limits))

    def add_tensor(self, tag: str, tensor: Any, global_step: Any = None, walltime: float | None = None) -> None:
        """Log an array of numbers, booleans or strings as it is. Raises ValueError beyond 2 GB."""
        self._add_tensor(call_name("add_tensor", tag), tag, tensor, global_step, walltime)

    def _add_tensor(self, call: str, tag: str, given: Any, global_step: Any, walltime: float | None) -> None:
        taken = array(call, given)
        tensor.check_tensor(call, taken.nbytes, taken.dtype if isinstance(taken, np.ndarray) else None)
        self._add(call, lambda: tensor.tensor_summary(tag, taken), global_step, walltime, taken.nbytes)

    def add_embedding(
        self,
        mat: Any,
        metadata: Sequence[Any] | None = None,
        label_img: Any = None,
        global_step: Any = None,
        tag: str = "default",
        metadata_header: Sequence[str] | None = None,
    ) -> None:
        """Write points for the projector: `mat` is (n, dimensions).

        metadata: a label for each point, or a row of labels with `metadata_header` naming the columns.
        label_img: thumbnails (n, channels, height, width), floats from 0 to 1 or uint8.

        Embeddings of other processes and earlier runs in this directory stay; one of the same tag and step is replaced.
        Raises ValueError when points, labels and thumbnails do not fit together.
        """
        call = call_name("add_embedding", tag)
        points = array(call, mat)
        if isinstance(points, np.ndarray) and points.dtype.kind not in "fiub":
            raise TypeError(f"{call}: expected real numbers, got an array of type {points.dtype}")
        images = None if label_img is None else array(call, label_img)
        rows = None if metadata is None else metadata_rows(call, metadata)
        header = [str(name) for name in metadata_header or ()]
        check_embedding(call, points.shape, rows, header, None if images is None else images.shape)
        writer = self._get_file_writer()
        embedding = Embedding(tag, writer.step(call, global_step), points, rows, header or None, images)
        nbytes = points.nbytes + (0 if images is None else images.nbytes)
        writer.do_later(lambda: write_embedding(self.log_dir, embedding), nbytes, call)
