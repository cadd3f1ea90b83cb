"""The nodes of a serialised GraphDef with their functions unrolled where they are called.

Messages are taken one by one: a damaged or enormous node costs itself, not the graph.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from google.protobuf.message import DecodeError

from ..proto.graph_pb2 import NodeDef, OpDef
from .graph_def_messages import NodeKind, NodeKinds
from .model import TensorSpec
from .wire import Buffer, fields

__all__ = ["MOST_NODES", "NodeList", "RawNode", "Source"]

MOST_NODES = 500_000
_MOST_INPUTS = 2_000_000
_LARGEST_SIGNATURE = 1 << 20
_DEEPEST_CALL = 40
_LONGEST_NUMBER = 6  # digits of the place of an output
_MOST_CALLS = 10_000  # calls of calls grow without leaving nodes behind
_SAVING = re.compile(r"traced_(?:save|restore)")  # of what a SavedModel writes and reads its variables with
_BACKWARD = re.compile(r"^__(?:inference___)?(?:forward|backward)_")
_CALLS = frozenset(("PartitionedCall", "StatefulPartitionedCall"))
# Of operations with several outputs, functions name the one they mean.
_OUTPUT_NAMES = {
    "FusedBatchNorm": ("y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"),
    "FusedBatchNormV3": ("y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"),
    "FusedBatchNormGradV3": ("x_backprop", "scale_backprop", "offset_backprop"),
    "SparseSoftmaxCrossEntropyWithLogits": ("loss", "backprop"),
    "SoftmaxCrossEntropyWithLogits": ("loss", "backprop"),
    "TopKV2": ("values", "indices"),
    "Unique": ("y", "idx"),
    "Switch": ("output_false", "output_true"),
    "Merge": ("output", "value_index"),
    "StatelessRandomGetKeyCounter": ("key", "counter"),
    "BroadcastGradientArgs": ("r0", "r1"),
}


class Source(NamedTuple):
    """Where an input comes from."""

    name: str
    output: int = 0
    control: bool = False


@dataclass(slots=True)
class _Scope:
    """Where nodes are unrolled: at the top, or in one call of a function."""

    prefix: str
    arguments: dict[str, Source] | None = None  # None at the top
    ops: dict[str, str] = field(default_factory=dict)
    calling: tuple[str, ...] = ()


_TOP = _Scope("")


@dataclass(slots=True)
class RawNode:
    """A node under its full name."""

    name: str
    kind: NodeKind
    texts: Sequence[str]  # inputs as they are written: at the top full names, in functions those of the function
    scope: _Scope | None = None  # None: at the top of a graph that has no prefix
    more: Sequence[Source] = ()  # what comes in besides, through functions that it is told to use

    @property
    def op(self) -> str:
        """Its operation."""
        return self.kind.op

    @property
    def inputs(self) -> list[Source]:
        """Where its inputs come from, under full names."""
        return [*map(self.source, self.texts), *self.more]

    def source(self, text: str) -> Source:
        """Where one of `texts` comes from."""
        return _source(text, self.scope or _TOP)


_Span = tuple[int, int]  # where the content of a field lies


@dataclass(slots=True)
class _Function:
    """A function of the library, its nodes not yet parsed."""

    signature: OpDef
    nodes: list[_Span]  # where they lie
    returns: dict[str, str]


class NodeList:
    """Collects the nodes of one or several GraphDefs."""

    def __init__(self) -> None:
        self.nodes: list[RawNode] = []
        self.stands: dict[str, list[Source]] = {}  # name of a call → what its outputs are
        self.types: dict[str, str] = {}  # scope → function
        self.behind: dict[str, TensorSpec] = {}  # name of an argument → the variable that it is a handle of
        self.notes: list[str] = []
        self.producer = 0
        self._kinds = NodeKinds()
        self._data: Buffer = b""
        self._library: dict[str, _Function] = {}
        self._called: set[str] = set()
        self._inputs = 0
        self._calls = 0
        self._left_out = 0
        self._broken = 0
        self._first_error = ""

    def add(self, data: Buffer, prefix: str = "", begin: int = 0, end: int | None = None) -> None:
        """Take the nodes of the serialised GraphDef data[begin:end], their names behind `prefix`."""
        self._data, self._library, self._called = data, {}, set()
        nodes: list[_Span] = []
        try:
            for number, kind, a, b in fields(data, begin, end):
                if number == 1 and kind == 2:
                    nodes.append((a, b))
                elif number == 2 and kind == 2:
                    self._take_library(a, b)
                elif number == 4 and kind == 2:
                    self.producer = next((value for n, k, value, _ in fields(data, a, b) if (n, k) == (1, 0)), 0)
        except ValueError as error:
            self.notes.append(f"The graph is damaged, what comes before is drawn: {error}.")
        self._unroll(nodes, _Scope(prefix))
        self._mention_uncalled(bool(nodes), prefix)

    def finish(self) -> None:
        """Say what was left out."""
        if self._left_out:
            self.notes.append(
                f"Only the first {len(self.nodes):,} nodes are drawn; {self._left_out:,} more are left out."
            )
        if self._calls > _MOST_CALLS:
            self.notes.append(
                f"Functions are called more than {_MOST_CALLS:,} times; the calls after that stay closed."
            )
        if self._broken:
            self.notes.append(f"Nodes that cannot be read are left out ({self._broken:,}): {self._first_error}.")

    def _take_library(self, begin: int, end: int) -> None:
        for number, kind, a, b in fields(self._data, begin, end):
            if number == 1 and kind == 2:
                try:
                    function = self._function(a, b)
                except (DecodeError, ValueError) as error:
                    self._note_broken(error)
                else:
                    self._library[function.signature.name] = function

    def _function(self, begin: int, end: int) -> _Function:
        function = _Function(OpDef(), [], {})
        for number, kind, a, b in fields(self._data, begin, end):
            if kind != 2:
                continue
            if number == 1 and b - a <= _LARGEST_SIGNATURE:
                function.signature = OpDef.FromString(self._data[a:b])
            elif number == 3:
                function.nodes.append((a, b))
            elif number == 4:
                entry = {
                    n: bytes(self._data[c:d]).decode("utf-8", "replace") for n, _, c, d in fields(self._data, a, b)
                }
                function.returns[entry.get(1, "")] = entry.get(2, "")
        return function

    def _mention_uncalled(self, has_nodes: bool, prefix: str) -> None:
        """Functions that nothing calls are the graph where there is no other; else they are told of."""
        if not has_nodes or (self._called and all(map(_SAVING.search, self._called))):  # a model without signatures
            self._draw_uncalled(prefix)
        uncalled = [name for name in self._library if name not in self._called]
        if uncalled:
            shown = ", ".join(plain_function(name)[:80] for name in uncalled[:3])
            more = " …" if len(uncalled) > 3 else ""
            self.notes.append(f"Functions of the library that no node calls ({len(uncalled):,}): {shown}{more}.")

    def _draw_uncalled(self, prefix: str) -> None:
        """Draw the functions that no other calls; those that go backwards only where there are no others."""
        uncalled = [name for name in self._library if name not in self._called]
        called = {inner for name in uncalled for inner in self._calls_of(name) if inner != name}
        outermost = [name for name in uncalled if name not in called] or uncalled
        met: dict[str, int] = {}
        for name in [name for name in outermost if not _BACKWARD.search(name)] or outermost:
            plain = plain_function(name)
            number = met[plain] = met.get(plain, 0) + 1
            self._called.add(name)
            scope = f"{prefix}{plain}/" if number == 1 else f"{prefix}{plain}_{number}/"
            self._unroll(self._library[name].nodes, self._function_scope(name, scope))

    def _calls_of(self, name: str) -> set[str]:
        """The functions that nodes of a function are told to use."""
        found: set[str] = set()
        for begin, end in self._library[name].nodes:
            with contextlib.suppress(DecodeError, ValueError):  # told of where it is drawn
                found.update(called for _, called in self._kinds.read(self._data, begin, end)[1].functions)
        return found

    def _function_scope(self, name: str, prefix: str) -> _Scope:
        """A function drawn by itself: its arguments are inputs."""
        arguments = {}
        for argument in self._library[name].signature.input_arg:
            arguments[argument.name] = Source(f"{prefix}{argument.name}")
            message = NodeDef()
            message.attr["dtype"].type = argument.type
            kind = self._kinds.kind("_Arg", message.SerializeToString())
            assert kind is not None
            self.nodes.append(RawNode(f"{prefix}{argument.name}", kind, ()))
        self.types[prefix[:-1]] = plain_function(name)
        return _Scope(prefix, arguments, calling=(name,))

    def _note_broken(self, error: Exception) -> None:
        self._broken += 1
        self._first_error = self._first_error or str(error)[:200]

    def _unroll(self, spans: list[_Span], scope: _Scope) -> None:
        within = scope if scope.prefix or scope.arguments is not None else None
        for number, (begin, end) in enumerate(spans):
            if len(self.nodes) >= MOST_NODES or self._inputs >= _MOST_INPUTS:
                self._left_out += len(spans) - number
                return
            try:
                own_name, kind, texts = self._kinds.read(self._data, begin, end)
                if not own_name and not kind.op:
                    raise ValueError("they have neither name nor operation")
            except (DecodeError, ValueError) as error:
                self._note_broken(error)
                continue
            self._inputs += len(texts)
            if within is not None:
                scope.ops[own_name] = kind.op
            node = RawNode(scope.prefix + own_name, kind, texts, within)
            if self._library:
                self._unroll_called(node, scope)
            else:
                self.nodes.append(node)

    def _unroll_called(self, node: RawNode, scope: _Scope) -> None:
        if node.op not in _CALLS or not self._call(node, scope):
            self.nodes.append(node)
            self._draw_bodies(node, scope)

    def _call(self, node: RawNode, scope: _Scope) -> bool:
        """Put a function's nodes in the place of its call; False where it stays a node."""
        called = dict(node.kind.functions).get("f", "")
        function = self._library.get(called)
        if function is None or not self._may_open(called, scope):
            return False
        self._called.add(called)
        data = [node.source(text) for text in node.texts if not text.startswith("^")]
        names = [argument.name for argument in function.signature.input_arg]
        self.types.setdefault(node.name, plain_function(called))
        inner = _Scope(f"{node.name}/", dict(zip(names, data, strict=False)), calling=(*scope.calling, called))
        self._unroll(function.nodes, inner)
        self.stands[node.name] = self._returned(function, inner)
        return True

    def _may_open(self, called: str, scope: _Scope) -> bool:
        """Whether a function is drawn where it is called: not within itself, and not without end."""
        self._calls += 1
        return self._calls <= _MOST_CALLS and called not in scope.calling and len(scope.calling) < _DEEPEST_CALL

    def _returned(self, function: _Function, scope: _Scope) -> list[Source]:
        return [_source(function.returns.get(output.name, ""), scope) for output in function.signature.output_arg]

    def _draw_bodies(self, node: RawNode, scope: _Scope) -> None:
        """The functions that an operation is told to use (of a loop, a branch, a dataset), in a scope of its name."""
        if not node.kind.functions:
            return
        first = 1 if node.op in ("If", "StatelessIf", "Case", "StatelessCase") else 0  # chooses the branch
        given = [source for source in node.inputs if not source.control][first:]
        for label, called in node.kind.functions:
            body = self._library.get(called)
            if body is None or not self._may_open(called, scope):
                continue
            self._called.add(called)
            inner = _Scope(f"{node.name}/{label}/", {}, calling=(*scope.calling, called))
            self._draw_body(node, body, inner, given)

    def _draw_body(self, node: RawNode, body: _Function, scope: _Scope, given: list[Source]) -> None:
        names = [argument.name for argument in body.signature.input_arg]
        if len(names) == len(given):
            scope.arguments = dict(zip(names, given, strict=True))
        else:
            scope.arguments = self._function_scope(body.signature.name, scope.prefix).arguments
        self.types[scope.prefix[:-1]] = plain_function(body.signature.name)
        self._unroll(body.nodes, scope)
        node.more = [*node.more, *self._returned(body, scope)]


def plain_function(name: str) -> str:
    """The name that a function had in the program: "__inference_train_step_1234" was "train_step"."""
    return re.sub(r"^__(inference|forward|backward)_(.+?)_\d+$", r"\2", name) or name


def _source(text: str, scope: _Scope) -> Source:
    """What an input names: "^node", "node", "node:1", in functions "argument" or "node:output:0"."""
    if text.startswith("^"):
        return Source(scope.prefix + text[1:], 0, True)
    if scope.arguments is None:
        name, colon, last = text.rpartition(":")
        named = colon and last.isdecimal() and len(last) <= _LONGEST_NUMBER
        return Source(scope.prefix + name, int(last)) if named else Source(scope.prefix + text)
    name, _, rest = text.partition(":")
    if name in scope.arguments:
        return scope.arguments[name]
    output, _, index = rest.partition(":")
    number = int(index) if index.isdecimal() and len(index) <= _LONGEST_NUMBER else 0
    known = _OUTPUT_NAMES.get(scope.ops.get(name, ""), ())
    return Source(scope.prefix + name, known.index(output) if output in known else number)
