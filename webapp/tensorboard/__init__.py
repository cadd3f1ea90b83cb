"""Answers in the words of TensorBoard 2.21, for scripts that ask for them; routes/tensorboard_*.py parse and encode.

stored.py, described.py   the values of a tag; tags with name and description, html.py as safe HTML
blob_keys.py, samples.py  the keys of pictures and sounds, and those that were logged together;
                          pictures.py, clips.py what a key leads to
scalars.py, texts.py, histograms.py, pr_curves.py, meshes.py, layouts.py   one kind each
graphs.py                 model graphs; graph_merging.py several as one, keras_graph.py Keras's JSON as one
hparams_log.py            what runs say; hparams_experiment.py, hparams_groups.py with hparams_columns.py and
                          hparams_metrics.py, hparams_download.py the answers
projector_files.py        embeddings beside the event files; projector_tensors.py their points
messages.py               protobuf messages ⇄ JSON
"""
