"""Names of modules in a trace: each forward in a captured step is a slice `module: Net.encoder.0 (Linear)`.

The slices are torch's annotations: the device's time within them, and that of the backward operators that belong to
theirs, is the module's. Hooks are there in captured steps only, at 10 to 20 µs a call.
"""

from __future__ import annotations

import re
import sys
import threading
import weakref
from typing import Any

__all__ = ["PREFIX", "ModuleMarks"]

PREFIX = "module: "
# What DistributedDataParallel, FSDP, torch.compile and checkpointing put around a module.
_WRAPPERS = re.compile(r"(?:^|\.)(?:module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)(?=\.|$)")


class ModuleMarks:
    """`show(True)` sets the hooks, `show(False)` takes them away. Compiled code is left alone: hooks break it up."""

    def __init__(self) -> None:
        self._handles: list[Any] = []
        self._names: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
        self._open = threading.local()

    def show(self, shown: bool) -> None:
        """Mark modules from now on, or no more."""
        if shown == bool(self._handles):
            return
        if not shown:
            while self._handles:
                self._handles.pop().remove()
        elif not _something_is_compiled():
            from torch.nn.modules import module

            self._handles = [
                module.register_module_forward_pre_hook(self._begin),
                _after_forward(module.register_module_forward_hook, self._end),
            ]

    def _stack(self) -> list[tuple[Any, Any]]:
        stack: list[tuple[Any, Any]] | None = getattr(self._open, "stack", None)
        if stack is None:
            stack = self._open.stack = []
        return stack

    def _begin(self, module: Any, _: Any) -> None:
        from torch.autograd.profiler import record_function

        stack = self._stack()
        name = self._names.get(module)
        if name is None and not stack:
            self._name_all(module)
            name = self._names[module]
        if not name:
            return  # a wrapper, or a module that is not registered in any other: nothing to call it by
        mark = record_function(name)
        mark.__enter__()
        stack.append((module, mark))

    def _end(self, module: Any, *_: Any) -> None:
        stack = self._stack()
        if not any(module is one for one, _ in stack):
            return
        while True:  # of forwards that raised, where torch tells nothing of these, the marks are still open
            one, mark = stack.pop()
            mark.__exit__(None, None, None)
            if one is module:
                return

    def _name_all(self, root: Any) -> None:
        """A module that is called by no other one: it and all within it are called by its class and their places."""
        inner = root
        while (wrapped := _wrapped(inner)) is not None:
            inner = wrapped
        root_name = type(inner).__name__
        for path, module in root.named_modules():
            path = _WRAPPERS.sub("", path).strip(".")
            place = f"{root_name}.{path}" if path else root_name
            self._names[module] = f"{PREFIX}{place} ({type(module).__name__})" if _wrapped(module) is None else ""


def _after_forward(register: Any, hook: Any) -> Any:
    """Also after a forward that raises, where this torch can tell."""
    try:
        return register(hook, always_call=True)
    except TypeError:  # torch before 2.1
        return register(hook)


def _wrapped(module: Any) -> Any:
    """What a wrapper is around; None for a module that is none: one that has other parts beside its `module`."""
    parts = [*module.named_children()]
    return parts[0][1] if len(parts) == 1 and _WRAPPERS.fullmatch(parts[0][0]) else None


def _something_is_compiled() -> bool:
    utils = sys.modules.get("torch._dynamo.utils")
    return utils is not None and bool(utils.counters["frames"])
