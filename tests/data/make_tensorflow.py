"""Writes `tests/data/tensorflow/`: event files by TensorFlow itself, one run per way it has of writing them.

    python tests/data/make_tensorflow.py      in an environment with tensorflow; the files are committed

The tests read the committed files, so TensorFlow is needed only to make them anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from tensorboard.plugins.hparams import api as hparams

OUT = Path(__file__).parent / "tensorflow"


def summaries_v2(folder: Path) -> None:
    """`tf.summary`: metadata on every event, values in tensors."""
    writer = tf.summary.create_file_writer(str(folder))
    with writer.as_default():
        for step in range(20):
            tf.summary.scalar("loss", 1 / (1 + step), step=step)
        tf.summary.histogram("weights", np.linspace(-1, 1, 101), step=3)
        tf.summary.image("noise", np.zeros((2, 4, 6, 3), np.uint8), step=3, max_outputs=2)
        tf.summary.audio("beep", np.zeros((1, 80, 1), np.float32), 8000, step=3)
        tf.summary.text("note", "**hello** wörld", step=3)
        hparams.hparams({"lr": 0.1, "optimizer": "adam", "nesterov": True}, trial_id="trial")
    writer.close()


def summaries_v1(folder: Path) -> None:
    """`tf.compat.v1.summary.FileWriter`: simple values and a graph."""
    with tf.Graph().as_default() as graph:
        tf.constant(1.0, name="one")
        writer = tf.compat.v1.summary.FileWriter(str(folder), graph)
        for step in range(20):
            summary = tf.compat.v1.Summary(value=[tf.compat.v1.Summary.Value(tag="loss", simple_value=step / 2)])
            writer.add_summary(summary, step)
        writer.close()


def keras_callback(folder: Path) -> None:
    """Keras's `TensorBoard` callback over a tiny fit."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2, name="dense")])
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(32, 4))
    board = keras.callbacks.TensorBoard(str(folder), histogram_freq=1, write_graph=False, update_freq=1)
    model.fit(x, x[:, :2], validation_split=0.25, epochs=3, batch_size=8, verbose=0, callbacks=[board])


def sweep(folder: Path) -> None:
    """`hparams.api`: the experiment in the root, sessions in runs with metrics below them, some keys missing."""
    rate = hparams.HParam("lr", hparams.RealInterval(0.001, 0.1))
    units = hparams.HParam("units", hparams.IntInterval(8, 64), display_name="Units of the layer")
    optimizer = hparams.HParam("optimizer", hparams.Discrete(["adam", "sgd"]))
    nesterov = hparams.HParam("nesterov", hparams.Discrete([True, False]))
    metrics = [hparams.Metric("accuracy", group="validation", display_name="Accuracy"), hparams.Metric("loss")]
    with tf.summary.create_file_writer(str(folder)).as_default():
        hparams.hparams_config(hparams=[rate, units, optimizer, nesterov], metrics=metrics)
    session(folder / "a", {rate: 0.01, units: 16, optimizer: "adam", nesterov: True}, "first", 0.5)
    session(folder / "b", {rate: 0.1, units: 32, optimizer: "sgd", nesterov: False}, "second", 0.75)
    session(folder / "c", {"lr": 0.1, "units": 32, "optimizer": "sgd", "größe": "wörld", "layers": 3}, "second", 0.25)


def session(folder: Path, values: dict[hparams.HParam | str, object], trial: str, accuracy: float) -> None:
    """One session of the sweep: what it began with, three losses, and its metric in the run `validation`."""
    writer = tf.summary.create_file_writer(str(folder))
    with writer.as_default():
        hparams.hparams(values, trial_id=trial, start_time_secs=1_700_000_000)
        for step in range(3):
            tf.summary.scalar("loss", 1 / (1 + step), step=step)
    writer.close()
    writer = tf.summary.create_file_writer(str(folder / "validation"))
    with writer.as_default():
        tf.summary.scalar("accuracy", accuracy, step=2)
    writer.close()


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    summaries_v2(OUT / "v2")
    summaries_v1(OUT / "v1")
    keras_callback(OUT / "keras")
    sweep(OUT / "sweep")
