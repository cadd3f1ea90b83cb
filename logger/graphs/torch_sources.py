"""Which line of the user's program an operation of torch comes from."""

from __future__ import annotations

import os
import sys
from types import CodeType
from typing import Any

__all__ = ["SourceLines", "shown_path", "source_of_class"]

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_CALLER = _HERE + "torch_capture.py"  # calls the model
_USERS, _TORCH, _BETWEEN, _START = range(4)
# Torch's own files through which every function or module is called.
_PASSED = ("overrides.py", "_tensor.py", "nn/functional.py", "nn/modules/module.py")


class SourceLines:
    """Finds the innermost line outside of torch; inside of torch where the whole model is torch's."""

    def __init__(self, torch: Any) -> None:
        self._torch = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
        self._passed = {self._torch + name.replace("/", os.sep) for name in _PASSED}
        self._kinds: dict[CodeType, int] = {}  # whose code it is

    def line(self, depth: int) -> tuple[str, int]:
        """(file, line) for the caller `depth` frames up; ("", 0) where it is not known."""
        frame: Any = sys._getframe(depth)
        inner = ("", 0)
        while frame is not None:
            code = frame.f_code
            kind = self._kinds.get(code)
            if kind is None:
                kind = self._kinds[code] = self._kind(code)
            if kind == _USERS:
                return code.co_filename, frame.f_lineno
            if kind == _START:
                return inner
            if kind == _TORCH and not inner[0]:
                inner = (code.co_filename, frame.f_lineno)
            frame = frame.f_back
        return inner

    def is_users(self, file: str) -> bool:
        """Whether a file is neither torch's nor ours."""
        return not file.startswith((self._torch, _HERE, "<"))

    def _kind(self, code: CodeType) -> int:
        file = code.co_filename
        if self.is_users(file):
            return _USERS
        if file.startswith(_HERE):
            return _START if file == _CALLER else _BETWEEN
        return _BETWEEN if file in self._passed else _TORCH


def shown_path(file: str) -> str:
    """The path below the working directory or the installed packages; whole elsewhere."""
    if not file or file.startswith("<"):
        return file
    for marker in ("site-packages", "dist-packages"):
        if f"{os.sep}{marker}{os.sep}" in file:
            return file.rsplit(f"{os.sep}{marker}{os.sep}", 1)[1].replace(os.sep, "/")
    here = os.getcwd() + os.sep
    return (file[len(here) :] if file.startswith(here) else file).replace(os.sep, "/")


def source_of_class(kind: type) -> str:
    """Where the class's `forward` is written: "model.py:31", "" where that is not known."""
    code = getattr(getattr(kind, "forward", None), "__code__", None)
    return f"{shown_path(code.co_filename)}:{code.co_firstlineno}" if code is not None else ""
