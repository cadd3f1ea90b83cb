"""JSON from outside, without the NaN and the infinities that Python's own parser lets in: browsers cannot read them."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

__all__ = ["parse_strictly"]


def parse_strictly(data: bytes | str, what: str = "it") -> Any:
    """The value. Raises ValueError with a sentence that begins with `what`."""

    def no_constant(name: str) -> NoReturn:
        raise ValueError(f"{what} holds {name}, which is not JSON")

    def number(text: str) -> float:
        found = float(text)
        if math.isinf(found):
            raise ValueError(f"{what} holds {text[:40]}, which is beyond the largest number")
        return found

    try:
        return json.loads(data, parse_constant=no_constant, parse_float=number)
    except RecursionError:
        raise ValueError(f"{what} is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{what} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{what} is not JSON: it is no text in UTF-8") from None
