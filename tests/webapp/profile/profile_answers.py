"""What a test client is told about profiles."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from flask.testing import FlaskClient
from numpy.typing import NDArray

__all__ = ["arrays_of", "told"]

_TYPES = {"u1": np.uint8, "u4": np.uint32, "i4": np.int32, "f4": np.float32, "f8": np.float64}


def told(client: FlaskClient, address: str, status: int = 200) -> Any:
    """The answer below /api/profile/ once it is there."""
    while (answer := client.get(f"/api/profile/{address}")).status_code == 202:
        pass
    assert answer.status_code == status, answer.json
    return answer


def arrays_of(frame: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The header of an arrays frame, and its arrays."""
    length = int.from_bytes(frame[4:8], "little")
    header = json.loads(frame[8 : 8 + length])
    return header, {
        name: np.frombuffer(frame, _TYPES[place["dtype"]], place["n"], 8 + length + place["at"])
        for name, place in header["arrays"].items()
    }
