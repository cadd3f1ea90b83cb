"""Makes tests/data/projector: checkpoints as Keras's callback and TensorFlow's saver write them, and what is in them.

Needs TensorFlow: python tests/data/make_projector.py
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

FOLDER = Path(__file__).parent / "projector"


def write_keras() -> np.ndarray:
    model = keras.Sequential(
        [keras.layers.Embedding(50, 8, name="words"), keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1)]
    )
    model.compile("adam", "mse")
    callback = keras.callbacks.TensorBoard(
        FOLDER / "keras", embeddings_freq=1, embeddings_metadata={"words": "meta.tsv"}
    )
    model.fit(np.random.randint(0, 50, (64, 5)), np.random.rand(64), epochs=3, verbose=0, callbacks=[callback])
    (FOLDER / "keras" / "meta.tsv").write_text("".join(f"w{row}\n" for row in range(50)))
    (FOLDER / "keras" / "train" / "keras_embedding.ckpt-1.weights.h5").unlink()
    for log in (FOLDER / "keras").rglob("events.*"):
        log.unlink()
    return model.layers[0].get_weights()[0]


def write_tensorflow() -> dict[str, np.ndarray]:
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        parts = v1.get_variable("part", shape=[100, 4], partitioner=v1.fixed_size_partitioner(3), use_resource=False)
        words = v1.get_variable("word_embedding", shape=[60, 5])
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, str(FOLDER / "tensorflow" / "model.ckpt"), global_step=30)
        return {"part": np.concatenate(session.run(list(parts))), "word_embedding": session.run(words)}


if __name__ == "__main__":
    np.savez_compressed(FOLDER / "truth.npz", words=write_keras(), **write_tensorflow())
