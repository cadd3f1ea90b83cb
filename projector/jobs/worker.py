"""The task that an executor is handed: does what lies in the folder of a job. Importable on any machine."""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .mailbox import Mailbox
from .workplace import Cancelled, Workplace

__all__ = ["Work", "work"]

Work = Callable[[dict[str, Any], Workplace], None]  # (task, where it is done) → nothing; raises ValueError, Cancelled


def work(folder: str) -> None:
    """Do the task of the job in `folder`. Whatever goes wrong is in the mailbox as a sentence; raises OSError only."""
    box = Mailbox(Path(folder))
    place = Workplace(box)
    try:
        task = box.task
        find_work(task["work"])(task, place)
    except Cancelled:
        return
    except ValueError as error:
        place.fail(str(error))
    except MemoryError:
        place.fail("there is not enough memory for this here; take fewer points or dimensions, or another method")
    except Exception as error:  # ours, or an engine's
        traceback.print_exc()
        place.fail(f"the work failed: {type(error).__name__}: {error}")


def find_work(name: str) -> Work:
    """The function of "package.module:function"."""
    module, _, function = name.partition(":")
    found: Work = getattr(importlib.import_module(module), function)
    return found
