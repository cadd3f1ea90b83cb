"""Message classes of the event file, generated from the .proto files beside this one by `generate.py`."""
