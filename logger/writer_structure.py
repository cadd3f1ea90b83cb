"""The graph, hyperparameter and layout methods of SummaryWriter."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .file_writer import FileWriter
from .summaries import custom_scalars, hparams
from .values import number
from .writer_core import WriterCore, call_name

if TYPE_CHECKING:
    from .graphs.forked_work import ForkedWork
    from .graphs.torch_capture import Mode

_MOST_AT_WORK = 4  # processes that look closer at graphs


class StructureMethods(WriterCore):
    """What the run is, rather than how it goes."""

    def add_graph(
        self,
        model: Any,
        input_to_model: Any = None,
        verbose: bool = False,
        use_strict_trace: bool = True,
        *,
        kwargs: Mapping[str, Any] | None = None,
        mode: Mode = "eval",
        export: Literal["auto"] | bool = "auto",
        export_limit: float = 20.0,
        tag: str = "graph",
        step: Any = None,
    ) -> None:
        """Log the graph of a torch module, found by calling it once and leaving it as it was.

        `input_to_model` is one argument, or a tuple or list of positional ones. A dict holds arguments by name where
        its keys are names that `forward` takes, and is one argument otherwise; `kwargs` are arguments by name. With
        neither, the tree of modules is logged. `mode` is "eval", "train" or "as is", which the model is in.

        Two levels are logged: the functions that the modules call, as `tag`, which TensorBoard shows too, and the ATen
        operations, as `tag` with "/aten" behind it, first as they ran, then, where that works within `export_limit`
        seconds, as torch.export tells them. It works beside the training, in a forked process (on Linux), which may
        call the model again; `close` and the end of the program wait for it; with `export=True` this call does. With
        `export=False` there is only what ran, and nothing is forked.

        Nothing is traced, so whatever the model does is allowed, and `use_strict_trace` changes nothing. `verbose`
        prints the nodes. Raises TypeError when the model is no torch module; an error of the model passes through.
        """
        from .graph_log import GraphLog
        from .graphs.forked_work import can_fork
        from .graphs.graph_def_writing import graph_def_of
        from .graphs.torch_capture import levels_of

        call = call_name("add_graph", tag)
        writer = self._get_file_writer()
        at = writer.step(call, step)
        forks = bool(export) and can_fork() and writer.background is not None
        levels = levels_of(call, model, input_to_model, kwargs, mode, forks)
        if verbose:
            print(graph_def_of(levels.first()))
        log = GraphLog(writer, call, tag, at, levels)
        log.add()
        work = log.look_closer(export_limit) if forks else None
        if work is not None:
            self._remember(work)
            if export is True:
                work.join()

    def _remember(self, work: ForkedWork) -> None:
        """So that `close` waits for it; for the oldest of many this call does, as they share the processors."""
        self._unfinished = [one for one in self._unfinished if not one.is_done]
        self._unfinished.append(work)
        if len(self._unfinished) > _MOST_AT_WORK:
            self._unfinished.pop(0).join()

    def add_hparams(
        self,
        hparam_dict: Mapping[str, Any],
        metric_dict: Mapping[str, Any],
        hparam_domain_discrete: Mapping[str, Sequence[Any]] | str | None = None,
        run_name: str | int | None = None,
        global_step: Any = None,
        *,
        name: str | None = None,
        sub_run: bool = True,
    ) -> None:
        """Log hyperparameters (bool, number, str or None) and the metrics they led to, to compare runs by.

        They go to a run of their own, `<logdir>/<run_name>`, named by the time when no name is given (`name` is the
        same argument); with `sub_run=False` they belong to this run. Booleans stay booleans.
        `hparam_domain_discrete` maps names to lists of the values that they may take.
        Raises TypeError for values of another kind, ValueError or TypeError for metrics that are no numbers.
        """
        # tensorboardX's third and fourth arguments are the name, a str, and the step.
        if isinstance(hparam_domain_discrete, str):
            name, hparam_domain_discrete = hparam_domain_discrete, None
        if run_name is not None and not isinstance(run_name, str):
            run_name, global_step = None, run_name
        call = "add_hparams"
        values = hparams.hparam_values(call, hparam_dict)
        if not isinstance(metric_dict, Mapping):
            raise TypeError(f"{call}: expected a dict of metrics, got {type(metric_dict).__name__}")
        metrics = {tag: number(f"{call}, metric {tag!r}", value) for tag, value in metric_dict.items()}
        domains = hparams.hparam_domains(call, values, hparam_domain_discrete)
        now = time.time()
        writer = self._get_file_writer()
        step = writer.step(call, global_step)
        target = self._hparam_writer(run_name or name or str(now)) if sub_run else writer
        target.add_summary(hparams.experiment_summary(values, list(metrics), domains), step)
        target.add_summary(hparams.session_start_summary(values, now), step)
        target.add_summary(hparams.session_end_summary(now), step)
        for tag, value in metrics.items():
            target.note_scalar(tag, value, step, None)
        if sub_run:
            target.close(ended=False)  # its session says that it ended

    def _hparam_writer(self, name: str) -> FileWriter:
        return FileWriter(os.path.join(self.log_dir, name), **self._options)

    def add_custom_scalars(self, layout: Mapping[str, Mapping[str, Sequence[Any]]]) -> None:
        """Lay out charts of several tags: {category: {title: ["Multiline", [tags]] or ["Margin", [value, low, high]]}}.

        Tags of a multiline chart are regular expressions. A later layout replaces an earlier one.
        Raises TypeError or ValueError, naming the chart, when the layout has another form.
        """
        self._get_file_writer().add_summary(custom_scalars.layout_summary("add_custom_scalars", layout))

    def add_custom_scalars_multilinechart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """A layout of one chart with the lines of all `tags`."""
        layout = {category: {title: ["Multiline", tags]}}
        call = "add_custom_scalars_multilinechart"
        self._get_file_writer().add_summary(custom_scalars.layout_summary(call, layout))

    def add_custom_scalars_marginchart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """A layout of one chart with a line and a band: `tags` are value, lower and upper."""
        layout = {category: {title: ["Margin", tags]}}
        call = "add_custom_scalars_marginchart"
        self._get_file_writer().add_summary(custom_scalars.layout_summary(call, layout))
