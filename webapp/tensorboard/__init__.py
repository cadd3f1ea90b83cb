"""Answers in the words of TensorBoard 2.21, for the routes that scripts know: one module a subject.

described.py         tags with name and description; html.py descriptions and texts as safe HTML
stored.py            the values of a tag; blob_keys.py the keys of pictures, sounds and graphs
percentiles…         in logger/percentiles.py, which `stepscope.logger.compat` uses as well
hparams_*.py         experiment, sessions in groups, the table
projector_files.py   embeddings and their files; graph_defs.py, keras_graph.py model graphs
"""
