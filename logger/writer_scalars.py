"""The scalar methods of SummaryWriter."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from .proto.event_pb2 import Event
from .records import read_records
from .summaries.scalar import scalar_of, tensor_scalar_summary
from .values import number, quick_number, step_number
from .writer_core import WriterCore, call_name

_STEP_MAX = 2**63 - 1


class ScalarMethods(WriterCore):
    """Numbers over steps."""

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: Any = None,
        walltime: float | None = None,
        new_style: bool | str = False,
        double_precision: bool | str = False,
        display_name: str = "",
        summary_description: str = "",
    ) -> None:
        """Log one number: a Python, numpy, torch, JAX or TensorFlow scalar, or anything with one element.

        Stored as float32; NaN and infinities are kept. `double_precision` keeps 64 bits. `new_style` stores a tensor,
        and so do a `display_name` and a `summary_description` (Markdown), which the dashboard shows.
        A value on a CUDA device is fetched later, without waiting for the device.

        Raises TypeError or ValueError when the value is not one number or the tag no string.
        """
        note = self._note
        plain = not (new_style or double_precision or display_name or summary_description)
        timed = walltime is None or walltime.__class__ is float
        if plain and timed and note is not None and tag.__class__ is str:
            # Nearly every call comes this way, and most with a float and an int.
            if scalar_value.__class__ is not float:
                found = quick_number(scalar_value)
                scalar_value = number(f"add_scalar({tag!r})", scalar_value) if found is None else found
            if global_step.__class__ is not int or not -1 <= global_step <= _STEP_MAX:
                global_step = step_number(f"add_scalar({tag!r})", global_step)
            note((tag, scalar_value, global_step, time.time() if walltime is None else walltime))
            return
        call = call_name("add_scalar", tag)
        # The fifth and sixth arguments are tensorboardX's display name and description when they are strings.
        if isinstance(new_style, str):
            display_name = new_style
        if isinstance(double_precision, str):
            summary_description = double_precision
        value = number(call, scalar_value)
        writer = self._get_file_writer()
        step = writer.step(call, global_step)
        if not plain:
            wide = double_precision and not isinstance(double_precision, str)
            dtype = np.float64 if wide else np.float32
            texts = display_name, summary_description
            writer.add_summary_later(lambda: tensor_scalar_summary(tag, value, dtype, *texts), step, walltime, 0)
        else:
            writer.note_scalar(tag, value, step, walltime)

    def add_scalars(
        self,
        main_tag: str,
        tag_scalar_dict: Mapping[str, Any],
        global_step: Any = None,
        walltime: float | None = None,
        *,
        sub_runs: bool = True,
    ) -> None:
        """Log several numbers that belong in one chart.

        Each key becomes a run of its own, `<logdir>/<main_tag>_<key>` (slashes as underscores), under the tag
        `main_tag`, so that the curves share a chart. With `sub_runs=False` they stay here, tagged `main_tag/key`.
        """
        call = call_name("add_scalars", main_tag)
        if not isinstance(tag_scalar_dict, Mapping):
            raise TypeError(f"{call}: expected a dict of tag → number, got {type(tag_scalar_dict).__name__}")
        values = {key: number(f"{call}, {key!r}", value) for key, value in tag_scalar_dict.items()}
        main = self._get_file_writer()
        step = main.step(call, global_step)
        wall_time = main.wall_time(walltime)
        for key, value in values.items():
            if sub_runs:
                name = f"{main_tag.replace('/', '_')}_{key}"
                self._sub_run_writer(name).note_scalar(main_tag, value, step, wall_time)
            else:
                main.note_scalar(f"{main_tag}/{key}", value, step, wall_time)

    def export_scalars_to_json(self, path: str | os.PathLike[str]) -> None:
        """Write this writer's scalars to a JSON file: {"<logdir>/<tag>": [[wall time, step, value], …]}."""
        self.flush()
        paths = list(self._paths_before)
        for writer in (self.all_writers or {}).values():
            paths.extend(writer.paths)
        series: dict[str, list[list[float]]] = {}
        for file in paths:
            _collect_scalars(file, series)
        with open(path, "w", encoding="utf-8") as target:
            json.dump(series, target)


def _collect_scalars(path: str, series: dict[str, list[list[float]]]) -> None:
    folder = os.path.dirname(path)
    with open(path, "rb") as stream:
        for record in read_records(stream):
            event = Event.FromString(record)
            for value in event.summary.value:
                point = scalar_of(value)
                if point is not None:
                    series.setdefault(f"{folder}/{value.tag}", []).append([event.wall_time, event.step, point])
