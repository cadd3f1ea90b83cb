"""The methods of SummaryWriter for things in space."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .summaries import mesh, object3d
from .values import array
from .writer_core import WriterCore, call_name


class ShapeMethods(WriterCore):
    """Meshes, point clouds, boxes. Arrays are copied at the call, everything else happens in the background."""

    def add_mesh(
        self,
        tag: str,
        vertices: Any,
        colors: Any = None,
        faces: Any = None,
        config_dict: Mapping[str, Any] | None = None,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log a mesh or a point cloud: arrays of shape (batch, n, 3), faces as indices, colours from 0 to 255.

        `config_dict` holds camera, material and lights for three.js. Raises ValueError for other shapes.
        """
        call = call_name("add_mesh", tag)
        given = {"VERTEX": vertices, "FACE": faces, "COLOR": colors}
        parts = {part: array(call, value) for part, value in given.items() if value is not None}
        if "VERTEX" not in parts:
            raise TypeError(f"{call}: expected vertices, got None")
        names = {"VERTEX": "vertices", "FACE": "faces", "COLOR": "colors"}
        for part, taken in parts.items():
            mesh.check_part(call, names[part], taken.shape)
        config = mesh.config_text(call, config_dict)
        nbytes = sum(taken.nbytes for taken in parts.values())
        self._add(call, lambda: mesh.mesh_summary(tag, parts, config), global_step, walltime, nbytes)

    def add_object(
        self,
        tag: str,
        points: Any = None,
        global_step: Any = None,
        walltime: float | None = None,
        *,
        faces: Any = None,
        colors: Any = None,
        boxes: Any = None,
        config_dict: Mapping[str, Any] | None = None,
    ) -> None:
        """Log a point cloud, a mesh or boxes, which TensorBoard's mesh page shows as well.

        points: (n, 3) are x, y, z; (n, 4) a class number besides; (n, 6) red, green and blue besides. With `faces` they
            are the vertices of a mesh. Also a dict or an object with `vertices` (or `points`), `faces` and `colors`.
        faces: (m, 3) indices of points. colors: (n, 3). Colours are from 0 to 255, or floats from 0 to 1.
        boxes: (k, 6) least and largest x, y, z; (k, 7) a class number besides; or (k, 8, 3) corners, where bit 2 of a
            corner's number is x, bit 1 y, bit 0 z. Drawn as edges; beside points they are logged as `<tag>/boxes`.
        config_dict: camera, material and lights for three.js.

        Raises ValueError for other shapes, TypeError when there are neither points nor boxes.
        """
        call = call_name("add_object", tag)
        config = mesh.config_text(call, config_dict)
        if points is None and boxes is None:
            raise TypeError(f"{call}: expected points or boxes, got None")
        if points is not None:
            given = object3d.given_parts(call, points, colors, faces)
            taken = [None if one is None else array(call, one) for one in given]
            object3d.check_parts(call, *taken)
            nbytes = sum(one.nbytes for one in taken if one is not None)
            build = lambda: mesh.mesh_summary(tag, object3d.points_parts(*taken), config)  # noqa: E731
            self._add(call, build, global_step, walltime, nbytes)
        if boxes is not None:
            corners = array(call, boxes, what="boxes")
            object3d.check_boxes(call, corners)
            name = tag if points is None else f"{tag}/boxes"
            draw = lambda: mesh.mesh_summary(name, object3d.boxes_parts(corners), config)  # noqa: E731
            self._add(call, draw, global_step, walltime, corners.nbytes)
