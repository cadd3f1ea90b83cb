"""A drop-in: every call that torch's or tensorboardX's writers allow is allowed here, with the same meaning."""

from __future__ import annotations

import inspect

import pytest
import tensorboardX
import tensorboardX.writer
import torch.utils.tensorboard as torch_tensorboard

from stepscope.logger import FileWriter, GlobalSummaryWriter, RecordWriter, SummaryWriter

# (class.method, parameter): what we set otherwise, on purpose.
OTHER_DEFAULTS = {
    ("__init__", "max_queue"): "100,000 entries: they are small, and the memory is bounded too",
    ("__init__", "flush_secs"): "10: what a kill may cost",
    ("__init__", "comet_config"): "None: the same as disabled",
    ("add_onnx_graph", "prototxt"): "may be left out, because tensorboardX names it onnx_model_file",
    ("add_onnx_graph", "onnx_model_file"): "may be left out, because torch names it prototxt",
}
# tensorboardX's place for what torch puts elsewhere; both are told apart by type (see test_writer_scalars and others).
OTHER_PLACES = {
    ("__init__", "logdir"),
    ("__init__", "log_dir"),
    ("add_scalar", "display_name"),
    ("add_scalar", "summary_description"),
    ("add_hparams", "name"),
    ("add_hparams", "global_step"),
    ("add_image_with_boxes", "dataformats"),
    ("add_image_with_boxes", "labels"),
    ("add_onnx_graph", "onnx_model_file"),
}
PAIRS = [
    (SummaryWriter, torch_tensorboard.SummaryWriter),
    (SummaryWriter, tensorboardX.SummaryWriter),
    (FileWriter, torch_tensorboard.FileWriter),
    (FileWriter, tensorboardX.writer.FileWriter),
    (RecordWriter, tensorboardX.RecordWriter),
    (GlobalSummaryWriter, tensorboardX.GlobalSummaryWriter),
]


def _methods(theirs: type) -> list[str]:
    return [
        name
        for name, method in inspect.getmembers(theirs)
        if callable(method) and (not name.startswith("_") or name == "__init__")
    ]


def _parameters(method) -> dict[str, inspect.Parameter]:
    parameters = inspect.signature(method).parameters
    return {name: one for name, one in parameters.items() if one.kind is not one.VAR_KEYWORD}


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_every_method_takes_what_theirs_takes(ours: type, theirs: type) -> None:
    for method in _methods(theirs):
        mine, other = _parameters(getattr(ours, method)), _parameters(getattr(theirs, method))
        for place, (name, parameter) in enumerate(other.items()):
            where = f"{theirs.__module__}.{theirs.__name__}.{method}({name})"
            if ours is FileWriter and name == "logdir":
                name = "log_dir"
            assert name in mine, where
            if not (theirs.__module__.startswith("tensorboardX") and (method, name) in OTHER_PLACES):
                assert list(mine).index(name) == place or parameter.kind is parameter.KEYWORD_ONLY, where
            if (method, name) not in OTHER_DEFAULTS:
                assert mine[name].default == parameter.default, where


@pytest.mark.parametrize(("method", "name"), OTHER_DEFAULTS)
def test_the_exceptions_are_needed(method: str, name: str) -> None:
    mine = _parameters(getattr(SummaryWriter, method))[name].default
    others = [_parameters(getattr(theirs, method)).get(name) for _, theirs in PAIRS[:2]]
    assert any(other is not None and other.default != mine for other in others)


def test_attributes_that_callers_use(tmp_path) -> None:
    with SummaryWriter(tmp_path, max_queue=5, flush_secs=1, filename_suffix=".x") as writer:
        assert writer.log_dir == writer.logdir == writer.get_logdir() == str(tmp_path)
        assert (writer.max_queue, writer.flush_secs, writer.filename_suffix) == (5, 1, ".x")
        assert writer.file_writer.get_logdir() == str(tmp_path)
        assert list(writer.all_writers) == [str(tmp_path)]
    assert writer.file_writer is None and writer.all_writers is None
