"""GraphDefs as graphs: TensorFlow's with functions and variables, and those of torch's tracer."""

from __future__ import annotations

from typing import NamedTuple

from .builder import GraphBuilder
from .graph_def_attributes import GraphDefAttributes
from .graph_def_messages import NodeKind
from .graph_def_nodes import NodeList, RawNode, Source
from .model import GraphModel, Node, Parameter, Role, TensorSpec
from .names import DEEPEST, scope_parts
from .shape_flops import with_flops
from .step_stats import short_device
from .tensorflow_variables import variable_parameters
from .torch_scopes import constant_text, is_torch, module_of, parameter_name, passes_through
from .wire import Buffer

__all__ = ["graph_of_nodes", "read_graph_def"]

_ROLES: dict[str, Role] = {
    **dict.fromkeys(("Placeholder", "PlaceholderV2", "PlaceholderWithDefault", "_Arg", "_DeviceArg"), "input"),
    **dict.fromkeys(("_Retval", "_DeviceRetval"), "output"),
    **dict.fromkeys(("Const", "prim::Constant"), "constant"),
}
_LONG = 100  # characters of a part of a name
_MOST_STEPS = 1000  # from a name to what stands for it
_MOST_WORK = 4_000_000  # such steps, and inputs that they lead to, in all: seconds


def read_graph_def(data: Buffer, title: str = "") -> GraphModel:
    """The graph in a serialised GraphDef. Functions are drawn where they are called, variables belong to who uses them.

    Whatever is wrong with it is said in the notes; nothing is raised.
    """
    nodes = NodeList()
    nodes.add(data)
    return graph_of_nodes(nodes, title, "graph_def")


def graph_of_nodes(nodes: NodeList, title: str, format: str) -> GraphModel:
    """The graph of the nodes that were collected."""
    nodes.finish()
    drawing = _Drawing(nodes)
    drawing.draw()
    return with_flops(drawing.builder.build(drawing.root_name() or title, format, "operations"))


class _Look(NamedTuple):
    """What all nodes of one kind are drawn as."""

    op: str
    role: Role
    device: str


class _Drawing:
    """Nodes on their way into a graph."""

    def __init__(self, nodes: NodeList) -> None:
        self.list = nodes
        self.builder = GraphBuilder()
        self.builder.notes.extend(nodes.notes)
        self.torch = is_torch(nodes.nodes)
        self.places: dict[str, int] = {}
        self.groups: dict[str, int] = {"": 0}  # path → place, of those whose names are no trouble
        self._looks: dict[NodeKind, _Look] = {}
        self.parameters: dict[str, Parameter] = {}  # name of a node that stands for one
        self.spread: dict[str, list[Source]] = {}  # name of a node that is left out → what it holds
        self.constants: dict[str, str] = {}
        self.hidden: set[str] = set()
        self._weights: set[str] = set()  # names that stand for a parameter and nothing else
        self._known_ends: dict[Source, list[Source]] = {}
        self._work = 0

    def draw(self) -> None:
        self._fold()
        hidden, places = self.hidden, self.places
        drawn = []
        for node in self.list.nodes:
            if node.name in hidden:
                continue
            place = self._node(node)
            if places.setdefault(node.name, place) != place:
                self.builder.twice(node.name)
            drawn.append((place, node))
        for place, node in drawn:
            self._connect(place, node)

    def root_name(self) -> str:
        """The one scope that all is in, if so."""
        tops = {path.partition("/")[0] for path in self.groups if path}
        return tops.pop() if self.torch and len(tops) == 1 else ""

    def _fold(self) -> None:
        """Find the nodes that are no operations."""
        if self.torch:
            self._fold_torch()
        else:
            self.parameters, readers = variable_parameters(self.list.nodes, self.list.stands, self.list.behind)
            by_name = {node.name: node for node in self.list.nodes if node.name in readers}
            self.spread.update({name: node.inputs for name, node in by_name.items()})
        self.hidden = self.parameters.keys() | self.spread.keys() | self.constants.keys()
        self._weights = self.parameters.keys() - self.spread.keys() - self.list.stands.keys()

    def _fold_torch(self) -> None:
        modules = {source.name for node in self.list.nodes if node.op == "prim::GetAttr" for source in node.inputs}
        for node in self.list.nodes:
            if node.op == "prim::GetAttr":
                if node.name not in modules:
                    known = node.kind.outputs[0] if node.kind.outputs else TensorSpec()
                    self.parameters[node.name] = Parameter(parameter_name(node), known)
                else:
                    self.spread[node.name] = []
            elif node.op == "prim::Constant":
                self.constants[node.name] = constant_text(node)
            elif (held := passes_through(node)) is not None:
                self.spread[node.name] = held

    def _node(self, node: RawNode) -> int:
        name, kind = node.name, node.kind
        look = self._looks.get(kind)
        if look is None:
            op = kind.op or "unknown"
            look = self._looks[kind] = _Look(op, _ROLES.get(op, "op"), short_device(kind.device))
        op, role, device = look
        if op == "IO Node":  # in the scopes "input" and "output", which are none
            group, path = 0, self.builder.free_path(0, name.partition("/")[2] or name)
            role = "input" if name.startswith("input/") else "output"
        else:
            group, path = self._place_of(name)
        return self.builder.add(Node(path, op, group, role, kind.outputs, (), kind.attributes, device))

    def _place_of(self, name: str) -> tuple[int, str]:
        """(group, path) for a full name, which nearly always is the path."""
        above, slash, last = name.rpartition("/")
        group = self.groups.get(above) if above or not slash else None
        if group is None and (above or not slash):
            group = self._plain_group(above)
        if group is not None and last and len(last) <= _LONG:
            return group, self.builder.unused(name)
        if "//" in name or name.startswith("/") or not last:
            self.builder.with_empty_part(name)
        *scope, last = scope_parts(name)
        group = self._group(scope)
        return group, self.builder.free_path(group, last)

    def _plain_group(self, path: str) -> int | None:
        """The group of a scope; None where slashes lie side by side, names are long or scopes too deep."""
        group = self.groups.get(path)
        if group is None and path.count("/") < DEEPEST - 2:
            above, slash, last = path.rpartition("/")
            parent = self._plain_group(above) if last and len(last) <= _LONG and (above or not slash) else None
            if parent is not None:
                group = self.groups[path] = self.builder.group_in(parent, path, **self._told_of(path))
        return group

    def _group(self, parts: list[str]) -> int:
        """The group of a scope with these parts."""
        if not parts:
            return 0
        self._group(parts[:-1])  # its type is to be told as well
        return self.builder.group(parts, **self._told_of("/".join(parts)))

    def _told_of(self, path: str) -> dict[str, object]:
        """What is known of a group."""
        if path in self.list.types:
            return {"type": self.list.types[path]}
        if not self.torch:
            return {}
        kind, module = module_of(path.split("/"))
        return {"type": kind, "module": module}

    def _connect(self, place: int, node: RawNode) -> None:
        is_plain = node.scope is None  # nearly always: names are full
        used: list[int] = []
        texts: dict[str, str] = {}
        for index, text in enumerate(node.texts):
            known = self.places.get(text) if is_plain else None
            if known is not None:
                self.builder.edge(known, place, 0, index)
            elif is_plain and text in self._weights:
                used.append(self.builder.parameter(self.parameters[text]))
            else:
                self._connect_source(place, node.source(text), index, used, texts)
        for index, source in enumerate(node.more, len(node.texts)):
            self._connect_source(place, source, index, used, texts)
        if used:
            self.builder.nodes[place].parameters = tuple(dict.fromkeys(used))
        if texts:
            self.builder.nodes[place].attributes = GraphDefAttributes(node.kind.content, texts)

    def _connect_source(self, place: int, source: Source, index: int, used: list[int], texts: dict[str, str]) -> None:
        """One input: an edge, or what it comes to of parameters and texts."""
        known = self.places.get(source.name)
        if known is not None:
            self.builder.edge(known, place, source.output, index, source.control)
            return
        for end in self._ends(source):
            if end.name in self.parameters:
                if not source.control:
                    used.append(self.builder.parameter(self.parameters[end.name]))
            elif end.name in self.constants:
                texts[f"input {index}"] = self.constants[end.name]
            else:
                self._edge(end, place, index)

    def _edge(self, source: Source, target: int, index: int) -> None:
        place = self.places.get(source.name)
        if place is None:
            if source.control and source.name in self.hidden:
                return
            place = self.builder.missing(source.name or "unnamed")
        self.builder.edge(place, target, source.output, index, source.control)

    def _ends(self, source: Source) -> list[Source]:
        """What really comes in where `source` is named: behind calls, lists and readings of variables."""
        if source.name not in self.list.stands and source.name not in self.spread:
            return [source]
        ends = self._known_ends.get(source)
        if ends is None:
            ends = self._known_ends[source] = self._find_ends(source)
        self._work += len(ends)
        if self._work > _MOST_WORK:
            note = "Lists and calls hold each other without end: some of what comes through them is left out."
            self.builder.notes.extend([note] if note not in self.builder.notes else [])
            return []
        return ends

    def _find_ends(self, source: Source) -> list[Source]:
        stands, ends = self.list.stands, list[Source]()
        waiting, seen = [source], 0
        while waiting and seen < _MOST_STEPS and self._work <= _MOST_WORK:
            now, seen = waiting.pop(), seen + 1
            if now.name in stands:
                returned = stands[now.name]
                if not now.control and now.output < len(returned):
                    waiting.append(returned[now.output])
            elif now.name in self.spread:
                waiting.extend(reversed(self.spread[now.name]))
            else:
                ends.append(now)
        self._work += seen
        return [Source(end.name, end.output, end.control or source.control) for end in ends]
