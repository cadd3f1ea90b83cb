"""GraphDefs as graphs: TensorFlow's with functions and variables, and those of torch's tracer."""

from __future__ import annotations

from .builder import GraphBuilder
from .graph_def_attributes import GraphDefAttributes
from .graph_def_nodes import NodeList, RawNode, Source
from .model import GraphModel, Parameter, Role, TensorSpec
from .names import scope_parts
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


class _Drawing:
    """Nodes on their way into a graph."""

    def __init__(self, nodes: NodeList) -> None:
        self.list = nodes
        self.builder = GraphBuilder()
        self.builder.notes.extend(nodes.notes)
        self.torch = is_torch(nodes.nodes)
        self.places: dict[str, int] = {}
        self.groups: dict[str, int] = {}
        self.parameters: dict[str, Parameter] = {}  # name of a node that stands for one
        self.spread: dict[str, list[Source]] = {}  # name of a node that is left out → what it holds
        self.constants: dict[str, str] = {}
        self.hidden: set[str] = set()
        self._known_ends: dict[Source, list[Source]] = {}
        self._work = 0

    def draw(self) -> None:
        self._fold()
        drawn = []
        for node in self.list.nodes:
            if node.name in self.hidden:
                continue
            place = self._node(node)
            if node.name in self.places:
                self.builder.twice(node.name)
            drawn.append((place, node))
            self.places.setdefault(node.name, place)
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
            self.parameters, readers = variable_parameters(self.list.nodes, self.list.stands)
            by_name = {node.name: node for node in self.list.nodes if node.name in readers}
            self.spread.update({name: node.inputs for name, node in by_name.items()})
        self.hidden = self.parameters.keys() | self.spread.keys() | self.constants.keys()

    def _fold_torch(self) -> None:
        modules = {source.name for node in self.list.nodes if node.op == "prim::GetAttr" for source in node.inputs}
        for node in self.list.nodes:
            if node.op == "prim::GetAttr":
                if node.name not in modules:
                    known = node.outputs[0] if node.outputs else TensorSpec()
                    self.parameters[node.name] = Parameter(parameter_name(node), known)
                else:
                    self.spread[node.name] = []
            elif node.op == "prim::Constant":
                self.constants[node.name] = constant_text(node)
            elif (held := passes_through(node)) is not None:
                self.spread[node.name] = held

    def _node(self, node: RawNode) -> int:
        if node.op == "IO Node":  # in the scopes "input" and "output", which are none
            group, name = 0, node.name.partition("/")[2] or node.name
        else:
            group, name = self._place_of(node.name)
        role = _ROLES.get(node.op, "op")
        if node.op == "IO Node":
            role = "input" if node.name.startswith("input/") else "output"
        return self.builder.node(
            group,
            name,
            node.op or "unknown",
            role=role,
            outputs=node.outputs,
            attributes=GraphDefAttributes(node.content),
            device=short_device(node.device),
        )

    def _place_of(self, name: str) -> tuple[int, str]:
        """(group, last part) of a full name."""
        path, _, last = name.rpartition("/")
        group = self.groups.get(path)
        if group is None or not last or len(last) > 100:
            *scope, last = scope_parts(name)
            group = self._group(scope)
            if "/".join(scope) == path:  # not where slashes lie side by side, or scopes are too deep
                self.groups[path] = group
        return group, last

    def _group(self, parts: list[str]) -> int:
        path = "/".join(parts)
        place = self.groups.get(path)
        if place is None:
            if len(parts) > 1:
                self._group(parts[:-1])  # its type is to be told as well
            told: dict[str, object] = {}
            if path in self.list.types:
                told["type"] = self.list.types[path]
            elif self.torch and parts:
                told["type"], told["module"] = module_of(parts)
            place = self.builder.group(parts, **told)
        return place

    def _connect(self, place: int, node: RawNode) -> None:
        if node.scope is None and not node.more:  # nearly always: names are full
            for index, text in enumerate(node.texts):
                known = self.places.get(text)
                if known is None:
                    break
                self.builder.edge(known, place, 0, index)
            else:
                return
            self._connect_all(place, node, index)
        else:
            self._connect_all(place, node, 0)

    def _connect_all(self, place: int, node: RawNode, first: int) -> None:
        """The inputs from the `first` on."""
        parameters: list[int] = []
        texts: dict[str, str] = {}
        for index, source in enumerate(node.inputs[first:], first):
            known = self.places.get(source.name)
            if known is not None:
                self.builder.edge(known, place, source.output, index, source.control)
                continue
            for end in self._ends(source):
                if end.name in self.parameters:
                    if not source.control:
                        parameters.append(self.builder.parameter(self.parameters[end.name]))
                elif end.name in self.constants:
                    texts[f"input {index}"] = self.constants[end.name]
                else:
                    self._edge(end, place, index)
        if parameters:
            self.builder.nodes[place].parameters = tuple(dict.fromkeys(parameters))
        if texts:
            self.builder.nodes[place].attributes = GraphDefAttributes(node.content, texts)

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
