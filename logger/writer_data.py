"""The distribution, tensor, curve, mesh and embedding methods of SummaryWriter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .embedding_files import Embedding, check_embedding, metadata_rows, write_embedding
from .summaries import histogram, mesh, pr_curve, tensor
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

    def add_pr_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log precision against recall: `labels` are 0 or 1, `predictions` probabilities, `weights` optional.

        Raises ValueError unless there are as many labels as predictions, and one weight or as many.
        """
        call = call_name("add_pr_curve", tag)
        truth, scores = array(call, labels), array(call, predictions)
        weight = None if weights is None else array(call, weights)
        pr_curve.check_pr_curve(call, truth, scores, weight, num_thresholds)

        def build() -> Any:
            return pr_curve.curve_summary(tag, pr_curve.curve(truth, scores, num_thresholds, weight), num_thresholds)

        self._add(call, build, global_step, walltime, truth.nbytes + scores.nbytes)

    def add_pr_curve_raw(
        self,
        tag: str,
        true_positive_counts: Any,
        false_positive_counts: Any,
        true_negative_counts: Any,
        false_negative_counts: Any,
        precision: Any,
        recall: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log a precision-recall curve counted elsewhere, each argument with one value per threshold.

        Raises ValueError when their lengths differ. `weights` is not used: the counts hold them already.
        """
        call = call_name("add_pr_curve_raw", tag)
        counts = (true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts)
        rows = [np.asarray(array(call, row)).reshape(-1) for row in (*counts, precision, recall)]
        if len({row.size for row in rows}) != 1:
            raise ValueError(f"{call}: expected rows of one length, got {[row.size for row in rows]}")
        stacked = np.stack(rows)
        thresholds = min(num_thresholds, rows[0].size)
        self._add(call, lambda: pr_curve.curve_summary(tag, stacked, thresholds), global_step, walltime, stacked.nbytes)

    def add_mesh(
        self,
        tag: str,
        vertices: Any,
        colors: Any = None,
        faces: Any = None,
        config_dict: Mapping[str, Any] | None = None,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log a mesh or a point cloud: arrays of shape (batch, n, 3), faces as indices, colours from 0 to 255.

        `config_dict` holds camera, material and lights for three.js. Raises ValueError for other shapes.
        """
        call = call_name("add_mesh", tag)
        given = {"VERTEX": vertices, "FACE": faces, "COLOR": colors}
        parts = {part: array(call, value) for part, value in given.items() if value is not None}
        if "VERTEX" not in parts:
            raise TypeError(f"{call}: expected vertices, got None")
        names = {"VERTEX": "vertices", "FACE": "faces", "COLOR": "colors"}
        for part, taken in parts.items():
            mesh.check_part(call, names[part], taken.shape)
        config = mesh.config_text(call, config_dict)
        nbytes = sum(taken.nbytes for taken in parts.values())
        self._add(call, lambda: mesh.mesh_summary(tag, parts, config), global_step, walltime, nbytes)

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
