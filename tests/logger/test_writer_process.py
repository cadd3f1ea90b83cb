"""What the writer loads, beside whom it runs, and the protobuf versions it runs on."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from writer_helpers import events, only_value, points, run_script

from stepscope.logger import GlobalSummaryWriter
from stepscope.logger.errors import WriterClosed
from stepscope.logger.shared_steps import SharedSteps

REPOSITORY = Path(__file__).resolve().parents[2]

HEAVY = (
    "torch",
    "tensorflow",
    "jax",
    "flask",
    "sklearn",
    "numba",
    "PIL",
    "matplotlib",
    "pandas",
    "tensorboard",
    "onnx",
)

# Every kind whose messages differ, in one process; `sys.path` decides which protobuf it meets.
WRITES_ALL_MESSAGES = """
    import sys
    import numpy as np
    import google.protobuf
    from stepscope.logger import SummaryWriter
    from stepscope.logger.proto.graph_pb2 import AttrValue, GraphDef, NodeDef, RunMetadata
    with SummaryWriter(sys.argv[1], purge_step=0) as writer:
        writer.add_scalar("scalar", 0.5, 1)
        writer.add_scalar("double", 0.5, 1, double_precision=True, display_name="d")
        writer.add_histogram("histogram", np.arange(5), 1)
        writer.add_image("image", np.zeros((3, 2, 2)), 1)
        writer.add_audio("audio", np.zeros(5), 1)
        writer.add_text("text", "words", 1)
        writer.add_tensor("tensor", np.arange(3), 1)
        writer.add_pr_curve("pr", [0, 1], [0.2, 0.8], 1)
        writer.add_mesh("mesh", np.zeros((1, 2, 3)), config_dict={"a": 1}, global_step=1)
        writer.add_custom_scalars({"c": {"m": ["Multiline", ["a"]], "g": ["Margin", ["a", "b", "c"]]}})
        writer.add_hparams({"lr": 0.1, "flag": True, "name": "x"}, {"acc": 1.0}, {"lr": [0.1]}, sub_run=False)
        writer.add_embedding(np.eye(2), ["a", "b"])
        graph = GraphDef(node=[NodeDef(name="n", op="o", input=["i"], attr={"a": AttrValue(s=b"v")})])
        writer.file_writer.add_graph((graph, RunMetadata()))
    print(google.protobuf.__version__)
"""


def test_importing_loads_nothing_heavy() -> None:
    source = f"""
        import sys
        import stepscope.logger
        from stepscope.logger import SummaryWriter, FileWriter, RecordWriter, GlobalSummaryWriter
        print([name for name in {HEAVY} if name in sys.modules])
    """
    assert run_script(source).stdout == "[]\n"


def test_importing_is_quick() -> None:
    """The bound is 0.15 s over numpy on a quiet machine; the best of several keeps a busy one out of it."""
    source = """
        import time
        import numpy
        started = time.process_time()
        from stepscope.logger import SummaryWriter
        print(time.process_time() - started)
    """
    assert min(float(run_script(source).stdout) for _ in range(3)) < 0.15


def test_writing_scalars_loads_nothing_heavy(tmp_path: Path) -> None:
    source = f"""
        import sys
        from stepscope.logger import SummaryWriter
        with SummaryWriter(sys.argv[1]) as writer:
            writer.add_scalar("x", 1.0, 1)
            writer.add_histogram("h", [1.0, 2.0], 1)
            writer.add_text("t", "text", 1)
        print([name for name in {HEAVY} if name in sys.modules])
    """
    assert run_script(source, tmp_path).stdout == "[]\n"


@pytest.mark.parametrize("order", ["theirs first", "ours first"])
def test_beside_tensorboard_and_tensorboardx(tmp_path: Path, order: str) -> None:
    imports = ["import tensorboard.compat.proto.event_pb2, tensorboardX", "import stepscope.logger"]
    if order == "ours first":
        imports.reverse()
    source = f"""
        import sys
        {imports[0]}
        {imports[1]}
        from tensorboard.summary import Writer
        from torch.utils.tensorboard import SummaryWriter as TorchWriter
        writers = [stepscope.logger.SummaryWriter, tensorboardX.SummaryWriter, TorchWriter]
        for number, kind in enumerate(writers):
            with kind(f"{{sys.argv[1]}}/{{number}}") as writer:
                writer.add_scalar("x", 0.5, 1)
                writer.add_hparams({{"lr": 0.1}}, {{"acc": 1.0}})
    """
    ended = run_script(source, tmp_path)
    assert ended.returncode == 0, ended.stderr
    for number in range(3):
        assert points(tmp_path / str(number), "x") == [(1, 0.5)]


@pytest.fixture(scope="module", params=["3.20.3", "5.26.1", "7"])
def protobuf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder holding just that protobuf."""
    version = request.param
    folder = tmp_path_factory.mktemp(f"protobuf-{version}-", numbered=True)
    wanted = f"protobuf=={version}" if "." in version else f"protobuf=={version}.*"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    done = subprocess.run([*install, "--target", str(folder), wanted], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{wanted} cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    return folder


@pytest.mark.parametrize("implementation", ["", "python"])
def test_every_message_on_old_and_new_protobuf(tmp_path: Path, protobuf: Path, implementation: str) -> None:
    environment = {"PYTHONPATH": str(protobuf)}
    if implementation:
        environment["PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"] = implementation
    ended = run_script(WRITES_ALL_MESSAGES, tmp_path, **environment)
    assert ended.returncode == 0, ended.stderr
    used = ended.stdout.strip()
    version = protobuf.name.split("-")[1]
    assert used.startswith(version)
    tags = [value.tag for event in events(tmp_path) for value in event.summary.value]
    assert len(tags) == 14 and tags[:2] == ["scalar", "double"]
    assert (tmp_path / "projector_config.pbtxt").exists()


def test_generated_messages_are_up_to_date() -> None:
    """Needs the compiler they were made with; `generate.py` says which."""
    tools = subprocess.run(
        [sys.executable, "-c", "import grpc_tools, importlib.metadata as m; print(m.version('grpcio-tools'))"],
        capture_output=True,
        text=True,
        check=False,
    )
    if tools.stdout.strip() != "1.49.1":
        pytest.skip("grpcio-tools 1.49.1 is not installed")
    generate = [sys.executable, str(REPOSITORY / "logger" / "proto" / "generate.py"), "--check"]
    assert subprocess.run(generate, check=False).returncode == 0


def test_the_global_writer_counts_the_steps(tmp_path: Path) -> None:
    writer = GlobalSummaryWriter(tmp_path)
    for value in (0.5, 1.5, 2.5):
        writer.add_scalar("x", value)
    writer.add_scalar("y", 0.5)
    writer.add_text("x", "text")
    writer.add_image("x", np.zeros((3, 2, 2)))
    writer.add_audio("a", np.zeros(10))
    writer.flush()
    assert points(tmp_path, "x") == [(0, 0.5), (1, 1.5), (2, 2.5)]
    assert only_value(tmp_path, "x/text_summary").tag == "x/text_summary"
    assert writer.file_writer.get_logdir() == str(tmp_path)
    writer.close()
    with pytest.raises(WriterClosed, match="was closed"):
        writer.add_scalar("x", 1.0)


def test_the_shared_writer_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(GlobalSummaryWriter, "_shared", None)
    writer = GlobalSummaryWriter.getSummaryWriter()
    assert GlobalSummaryWriter.getSummaryWriter() is writer
    assert (tmp_path / "runs").exists()
    writer.close()
    assert GlobalSummaryWriter.getSummaryWriter() is not writer
    GlobalSummaryWriter.getSummaryWriter().close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_forked_workers_share_the_count(tmp_path: Path) -> None:
    ended = run_script(
        """
        import multiprocessing, sys
        from stepscope.logger import GlobalSummaryWriter
        writer = GlobalSummaryWriter(sys.argv[1])

        def work(number):
            writer.add_scalar("x", float(number))

        with multiprocessing.get_context("fork").Pool(3) as pool:
            pool.map(work, range(30), chunksize=1)
        """,
        tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    found = points(tmp_path, "x")
    assert sorted(step for step, _ in found) == list(range(30)), "each step once"
    assert sorted(value for _, value in found) == list(range(30))


def test_shared_steps_tell_names_apart_and_end_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepscope.logger.shared_steps._SLOTS", 8)
    steps = SharedSteps()
    names = [f"tag {number}" for number in range(8)]
    for turn in range(3):
        assert [steps.take(name) for name in names] == [turn] * 8
    with pytest.raises(OverflowError, match="'one more' has no place"):
        steps.take("one more")
    assert multiprocessing.parent_process() is None
