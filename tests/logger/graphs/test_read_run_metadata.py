"""What TensorFlow noted of executions: graphs of functions, times, memory."""

from __future__ import annotations

import pytest
from graph_helpers import check, edges, graph_def, used, variable

from stepscope.logger.graphs.read_run_metadata import read_run_metadata
from stepscope.logger.proto.event_pb2 import DataType
from stepscope.logger.proto.graph_pb2 import RunMetadata


def stats(metadata: RunMetadata, device: str, node: str, micros: int, nbytes: int = 0) -> None:
    found = [one for one in metadata.step_stats.dev_stats if one.device == device]
    one = (found[0] if found else metadata.step_stats.dev_stats.add(device=device)).node_stats.add(node_name=node)
    one.all_end_rel_micros = micros
    if nbytes:
        one.memory.add(allocator_name="cpu", total_bytes=nbytes)


def test_times_and_memory_go_to_the_graph_of_the_run() -> None:
    run_graph = graph_def(("a", "Placeholder", []), ("net/b", "MatMul", ["a"]), ("net/c", "Relu", ["net/b"]))
    metadata = RunMetadata()
    cpu = "/job:localhost/replica:0/task:0/device:CPU:0"
    stats(metadata, cpu, "net/b", 30, 4096)
    stats(metadata, cpu, "net/b", 20)  # it ran twice
    stats(metadata, cpu, "elsewhere", 5)
    shape = metadata.step_stats.dev_stats[0].node_stats[0].output.add().tensor_description
    shape.dtype = 1
    shape.shape.dim.add(size=7)
    graph = read_run_metadata(metadata.SerializeToString(), "step1", run_graph.SerializeToString())
    check(graph)
    node = graph.nodes[graph.node_at["net/b"]]
    assert node.time == pytest.approx(50e-6) and node.memory == 4096 and node.device == "CPU:0"
    assert str(node.outputs[0]) == "float32 7"
    assert graph.nodes[graph.node_at["net/c"]].time is None
    assert graph.notes == ["1 of 2 nodes that were executed are not in this graph."]


def test_flops_are_those_of_the_shapes_that_were_met() -> None:
    run_graph = graph_def(("x", "Placeholder", []), ("y", "MatMul", ["x", "w"]), x=[-1, 4], y=[-1, 3])
    variable(run_graph, "w", [4, 3])
    metadata = RunMetadata()
    stats(metadata, "/device:CPU:0", "y", 30)
    met = metadata.step_stats.dev_stats[0].node_stats[0].output.add().tensor_description
    met.dtype = DataType.DT_FLOAT
    for size in (32, 3):
        met.shape.dim.add(size=size)
    graph = read_run_metadata(metadata.SerializeToString(), "", run_graph.SerializeToString())
    assert graph.nodes[graph.node_at["y"]].flops == 2 * 32 * 4 * 3 and not graph.notes


def test_a_gpu_has_its_own_times() -> None:
    run_graph = graph_def(("b", "MatMul", []))
    metadata = RunMetadata()
    stats(metadata, "/device:GPU:0", "b", 5)  # starting it
    stats(metadata, "/device:GPU:0/stream:all", "b:MatMul", 40)
    stats(metadata, "/device:GPU:0/stream:13", "b:MatMul", 40)
    graph = read_run_metadata(metadata.SerializeToString(), "", run_graph.SerializeToString())
    assert graph.nodes[0].time == pytest.approx(40e-6)


def test_functions_are_scopes_and_single_operations_are_together() -> None:
    metadata = RunMetadata()
    for nodes in (
        [("x", "_Arg", []), ("MatMul", "MatMul", ["x"]), ("Relu", "Relu", ["MatMul"])],
        [("x", "_Arg", []), ("y", "Add", ["x"]), ("z", "_Retval", ["y"])],
        [("x", "_Arg", []), ("y", "Add", ["x"]), ("z", "_Retval", ["y"])],
    ):
        metadata.function_graphs.add().pre_optimization_graph.CopyFrom(graph_def(*nodes))
    graph = read_run_metadata(metadata.SerializeToString(), "my_func")
    check(graph)
    assert ("my_func/MatMul", "my_func/Relu") in edges(graph)
    assert ("eager operations/Add/x", "eager operations/Add/y") in edges(graph)
    assert graph.notes == ["3 graphs were made, 2 of them different; each is drawn once."]


def test_sizes_of_captured_variables_are_what_the_devices_were_told() -> None:
    names = ("dense/MatMul/ReadVariableOp", "adam_1/Sub/ReadVariableOp")
    metadata = RunMetadata()
    function = metadata.function_graphs.add()
    function.pre_optimization_graph.CopyFrom(
        graph_def(
            ("x", "_Arg", []),
            *((f"unknown_{place}", "_Arg", []) for place in range(2)),
            *((name, "ReadVariableOp", [f"unknown_{place}"]) for place, name in enumerate(names)),
            ("dense/MatMul", "MatMul", ["x", names[0]]),
            ("adam_1/Sub", "Sub", ["x", names[1]]),
        )
    )
    for place in range(2):
        before = function.pre_optimization_graph.node[1 + place]
        before.attr["T"].type = DataType.DT_RESOURCE
        before.attr["index"].i = 1 + place
        made = function.post_optimization_graph.node.add(name=f"arg_{1 + place}", op="_Arg")
        made.attr["index"].i = 1 + place
        made.attr["_handle_dtypes"].list.type.append(DataType.DT_FLOAT)
        shape = made.attr["_handle_shapes"].list.shape.add()
        for size in (4, 3 + place):
            shape.dim.add(size=size)
    data = metadata.SerializeToString()
    graph = read_run_metadata(data, "step")
    check(graph)
    assert used(graph, "dense/MatMul") == {"dense/MatMul": "float32 4×3"}
    assert used(graph, "adam_1/Sub") == {"adam_1/Sub": "float32 4×4"}
    assert [parameter.kind for parameter in graph.parameters] == ["parameter", "buffer"]  # an optimizer keeps it
    damaged = read_run_metadata(data.replace(b"arg_2", b"\xff\xff\xff\xff\xff"), "step")
    assert used(damaged, "dense/MatMul") == {"dense/MatMul": "float32 4×3"}
    assert len(damaged.nodes) == len(graph.nodes)


def test_notes_without_a_graph_say_what_is_missing() -> None:
    with pytest.raises(ValueError, match=r"holds no graph. Log the graph in the same run"):
        read_run_metadata(RunMetadata().SerializeToString())
