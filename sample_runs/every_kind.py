"""Every `add_*` method of the writer at least once, with small things that are nice to look at."""

import importlib.util
import json
from pathlib import Path

import numpy as np

from stepscope.logger import SummaryWriter

from .clock import Clock

STEPS = 6
RATE = 8000  # samples per second of the sounds


def write(folder: Path, clock: Clock) -> None:
    """Log all kinds into `folder`; what writes into runs of its own (add_scalars, add_hparams) does so below it."""
    rng = np.random.default_rng(0)
    with SummaryWriter(folder) as writer:
        once(writer, rng)
        for step in range(STEPS):
            scalars(writer, step)
            pictures(writer, step)
            distributions(writer, step, rng)
            shapes(writer, step)
            documents(writer, step)
            if step == STEPS // 2:
                writer.add_event("learning rate lowered to 0.001", step)
            writer.flush()
            clock.tick(30.0)
        writer.add_hparams(
            {"learning_rate": 0.01, "augment": False, "optimizer": "sgd"}, {"result/score": 0.75}, run_name="hparams"
        )
    charts(folder, clock)


def once(writer: SummaryWriter, rng: np.random.Generator) -> None:
    """What has no steps: text, an embedding, graphs."""
    writer.add_text(
        "notes", "Text is *Markdown*:\n\n- lists, **bold**, `code`\n- [links](https://example.org)\n\n> and quotes"
    )
    centers = rng.normal(0, 4, (5, 16))
    group = np.arange(200) % 5
    points = centers[group] + rng.normal(size=(200, 16))
    labels = [[f"point {i}", f"group {g}"] for i, g in enumerate(group)]
    writer.add_embedding(points, labels, tag="clusters", metadata_header=["name", "group"])
    if importlib.util.find_spec("torch"):
        torch_graph(writer)
    if importlib.util.find_spec("onnx"):
        model_file_graphs(Path(writer.get_logdir()))
    other_graphs(Path(writer.get_logdir()))


def torch_graph(writer: SummaryWriter) -> None:
    """A small perceptron."""
    import torch

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    writer.add_graph(model, torch.zeros(1, 4))


def model_file_graphs(folder: Path) -> None:
    """The model y = relu(a · b) as an ONNX and, where it is installed, an OpenVINO file; a run of its own each."""
    onnx_file = folder / "onnx" / "small.onnx"
    onnx_file.parent.mkdir()
    save_onnx_model(onnx_file)
    with SummaryWriter(onnx_file.parent) as writer:
        writer.add_onnx_graph(str(onnx_file))
    if importlib.util.find_spec("openvino"):
        import openvino

        openvino_file = folder / "openvino" / "small.xml"
        openvino.save_model(openvino.convert_model(onnx_file), openvino_file)
        with SummaryWriter(openvino_file.parent) as writer:
            writer.add_openvino_graph(str(openvino_file))


def other_graphs(folder: Path) -> None:
    """A Keras model as its JSON says, which takes no Keras, and where JAX is installed a function of it."""
    with SummaryWriter(folder / "keras") as writer:
        writer.add_keras_graph(keras_model())
    if importlib.util.find_spec("jax"):
        import jax.numpy as jnp

        with SummaryWriter(folder / "jax") as writer:
            writer.add_jax_graph(lambda a, b: jnp.maximum(a @ b, 0), jnp.ones((2, 3)), jnp.ones((3, 4)))


def keras_model() -> str:
    """What `model.to_json()` gives for a perceptron, shortened."""
    layers = [
        {"class_name": "InputLayer", "name": "x", "config": {"batch_input_shape": [None, 4]}, "inbound_nodes": []}
    ]
    for source, name, units in (("x", "hidden", 8), ("hidden", "y", 2)):
        settings = {"name": name, "units": units, "activation": "relu", "dtype": "float32"}
        inputs = [[[source, 0, 0, {}]]]
        layers.append({"class_name": "Dense", "name": name, "config": settings, "inbound_nodes": inputs})
    ends = {"input_layers": [["x", 0, 0]], "output_layers": [["y", 0, 0]]}
    return json.dumps({"class_name": "Functional", "config": {"name": "perceptron", "layers": layers, **ends}})


def save_onnx_model(path: Path) -> None:
    """Write the smallest model with two operations."""
    from onnx import TensorProto, helper, save

    matrix = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [4, 4]) for name in "aby"}
    multiply = helper.make_node("MatMul", ["a", "b"], ["product"], "multiply")
    relu = helper.make_node("Relu", ["product"], ["y"], "relu")
    graph = helper.make_graph([multiply, relu], "small", [matrix["a"], matrix["b"]], [matrix["y"]])
    save(helper.make_model(graph), path)


def scalars(writer: SummaryWriter, step: int) -> None:
    """One number, several at once, and a whole tensor."""
    angle = 2 * np.pi * step / STEPS
    with writer.use_metadata(global_step=step):
        writer.add_scalar("other/sine", np.sin(angle))
    writer.add_scalar("other/sine in double precision", np.sin(angle), step, new_style=True, double_precision=True)
    writer.add_scalars("other/angles", {"sine": np.sin(angle), "cosine": np.cos(angle)}, step)
    writer.add_tensor("other/matrix", np.outer(np.arange(3), [np.sin(angle), np.cos(angle)]), step)


def pictures(writer: SummaryWriter, step: int) -> None:
    """Images in all layouts, with boxes, a figure, a video."""
    writer.add_image("pictures/julia", julia(96, step), step, dataformats="HWC")
    writer.add_images(
        "pictures/series", np.stack([julia(32, step + k / 4) for k in range(4)]), step, dataformats="NHWC"
    )
    boxes = np.array([[10 + 4 * step, 12, 40 + 4 * step, 44], [50, 50, 90, 88]])
    writer.add_image_with_boxes(
        "pictures/boxes", julia(96, step), boxes, step, dataformats="HWC", labels=["moving", "still"]
    )
    writer.add_figure("pictures/figure", rose(step), step)
    if step % 3 == 0:
        frames = np.stack([julia(48, step + k / 8) for k in range(8)]).transpose(0, 3, 1, 2)
        writer.add_video("pictures/video", frames[None], step, fps=8)


def julia(size: int, step: float) -> np.ndarray:
    """A Julia set in colours, uint8 (size, size, 3); `step` turns its parameter."""
    y, x = np.mgrid[-1.4 : 1.4 : size * 1j, -1.4 : 1.4 : size * 1j]
    z = x + 1j * y
    c = 0.7885 * np.exp(1j * (2.2 + 0.12 * step))
    age = np.zeros(z.shape)
    for _ in range(40):
        alive = abs(z) < 2
        z[alive] = z[alive] ** 2 + c
        age += alive
    t = (age / 40)[..., None]
    return (255 * (0.5 - 0.5 * np.cos(np.pi * t * [1.0, 1.7, 2.6]))).astype(np.uint8)


def rose(step: int) -> object:
    """A matplotlib figure of a polar rose with step + 2 petals."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3, 3), dpi=70)
    axes = figure.add_subplot(projection="polar")
    angle = np.linspace(0, 2 * np.pi, 400)
    axes.plot(angle, np.abs(np.cos((step + 2) * angle / 2)), color="#b4530a")
    return figure


def distributions(writer: SummaryWriter, step: int, rng: np.random.Generator) -> None:
    """Histograms from values and from buckets; precision-recall, ROC and confusion from predictions and from counts."""
    writer.add_histogram("distributions/drifting", rng.normal(step, 1 + step / 4, 5000), step)
    counts, edges = np.histogram(rng.gamma(2 + step, size=2000), 20)
    centers = (edges[1:] + edges[:-1]) / 2
    total, squares = float(centers @ counts), float(centers**2 @ counts)
    writer.add_histogram_raw(
        "distributions/buckets", edges[0], edges[-1], 2000, total, squares, edges[1:].tolist(), counts.tolist(), step
    )
    labels = rng.random(500) < 0.4
    scores = np.clip(labels * step / 8 + rng.normal(0.4, 0.25, 500), 0, 1)
    writer.add_pr_curve("precision_recall/predictions", labels, scores, step, 40)
    threshold = np.linspace(0, 1, 20)[:, None]
    tp, fp = (labels & (scores >= threshold)).sum(1), (~labels & (scores >= threshold)).sum(1)
    fn, tn = labels.sum() - tp, (~labels).sum() - fp
    precision, recall = tp / np.maximum(tp + fp, 1), tp / labels.sum()
    writer.add_pr_curve_raw("precision_recall/counts", tp, fp, tn, fn, precision, recall, step, 20)
    writer.add_roc_curve("roc/predictions", labels, scores, step, 40)
    writer.add_roc_curve_raw("roc/counts", tp, fp, tn, fn, step, threshold)
    writer.add_confusion_matrix("confusion/predictions", labels, scores > 0.5, step, ["no", "yes"])
    writer.add_confusion_matrix("confusion/shares", np.eye(4) * (0.4 + step / 10) + 0.15 - step / 40, global_step=step)


def shapes(writer: SummaryWriter, step: int) -> None:
    """A mesh, points, boxes and a sound, changing with the step."""
    turn = np.linspace(0, 6 * np.pi, 300)
    helix = np.stack([np.cos(turn + step), np.sin(turn + step), turn / 6], axis=1)
    rainbow = 127 + 127 * np.cos(turn[:, None] / 3 + np.array([0, 2, 4]))
    writer.add_object("helix", np.hstack([helix, rainbow]), step, boxes=[[-1, -1, 0, 1, 1, np.pi, step]])
    vertices, faces, colors = torus(20, 10, 0.25 + 0.05 * step)
    writer.add_mesh("torus", vertices[None], colors[None], faces[None], global_step=step)
    if step % 2 == 0:
        time = np.arange(RATE // 2) / RATE
        chord = sum(np.sin(2 * np.pi * 220 * 2 ** ((note + step) / 12) * time) for note in (0, 4, 7))
        writer.add_audio("chord", 0.3 * chord * np.exp(-4 * time), step, RATE)


def documents(writer: SummaryWriter, step: int) -> None:
    """A figure of Plotly, a page, a table."""
    turn = np.linspace(0, 2 * np.pi, 120).round(4)
    curve = {
        "type": "scatter",
        "x": np.sin(turn * 3).round(4),
        "y": np.sin(turn * 4 + step / 4).round(4),
        "name": "3 : 4",
    }
    writer.add_plotly("documents/lissajous", {"data": [curve], "layout": {"title": {"text": f"step {step}"}}}, step)
    bars = "".join(f"<rect x='{9 * i}' y='{40 - h}' width='8' height='{h}'/>" for i, h in enumerate(range(8, 40, 4)))
    page = f"<h2>Step {step}</h2><p>A page with its <em>own</em> style.</p><svg width='80' height='40'>{bars}</svg>"
    writer.add_html(
        "documents/page", f"<style>body {{ font: 14px sans-serif }} rect {{ fill: #0072b2 }}</style>{page}", step
    )
    rows = [
        {
            "picture": julia(24, step + k / 4),
            "parameter": step + k / 4,
            "rank": k,
            "shown": k % 2 == 0,
            "note": "ab"[k % 2],
        }
        for k in range(4)
    ]
    writer.add_table("documents/table", rows, step)


def torus(around: int, tube: int, radius: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices (around · tube, 3), faces (2 · around · tube, 3), colours uint8 (around · tube, 3)."""
    i, j = (grid.ravel() for grid in np.mgrid[:around, :tube])
    u, v = 2 * np.pi * i / around, 2 * np.pi * j / tube
    ring = 1 + radius * np.cos(v)
    vertices = np.stack([ring * np.cos(u), ring * np.sin(u), radius * np.sin(v)], axis=1)
    right, up = (i + 1) % around * tube, (j + 1) % tube
    here = i * tube
    faces = np.concatenate(
        [np.stack([here + j, right + j, right + up], 1), np.stack([here + j, right + up, here + up], 1)]
    )
    colors = (127 + 127 * np.stack([np.cos(u), np.cos(v), np.sin(u)], axis=1)).astype(np.uint8)
    return vertices, faces, colors


def charts(folder: Path, clock: Clock) -> None:
    """Both shorthand layouts of custom scalars, in runs of their own: each is a whole layout."""
    with SummaryWriter(folder / "multiline") as writer:
        for step in range(50):
            for k in (1, 2, 3):
                writer.add_scalar(f"other/waves/{k}", np.sin(k * step / 8) / k, step)
            clock.tick(1.0)
        writer.add_custom_scalars_multilinechart(
            ["other/waves/1", "other/waves/2", "other/waves/3"], "waves", "three sines"
        )
    with SummaryWriter(folder / "margin") as writer:
        for step in range(50):
            value = np.exp(-step / 20)
            for name, shift in (("value", 0.0), ("lower", -0.1), ("upper", 0.1)):
                writer.add_scalar(f"other/decay/{name}", value + shift, step)
            clock.tick(1.0)
        writer.add_custom_scalars_marginchart(
            ["other/decay/value", "other/decay/lower", "other/decay/upper"], "decay", "with its margin"
        )
