"""Work that takes long, in processes of its own: started, watched, steered, kept.

`Jobs` (manager.py) hands tasks to a `concurrent.futures.Executor`. Asker and worker talk through files in the folder of
a job (mailbox.py), so the worker may be on another machine that sees the folder.
"""
