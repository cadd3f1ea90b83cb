from . import event_pb2 as _event_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AttrValue(_message.Message):
    __slots__ = ["b", "f", "func", "i", "list", "placeholder", "s", "shape", "tensor", "type"]
    class ListValue(_message.Message):
        __slots__ = ["b", "f", "func", "i", "s", "shape", "tensor", "type"]
        B_FIELD_NUMBER: _ClassVar[int]
        FUNC_FIELD_NUMBER: _ClassVar[int]
        F_FIELD_NUMBER: _ClassVar[int]
        I_FIELD_NUMBER: _ClassVar[int]
        SHAPE_FIELD_NUMBER: _ClassVar[int]
        S_FIELD_NUMBER: _ClassVar[int]
        TENSOR_FIELD_NUMBER: _ClassVar[int]
        TYPE_FIELD_NUMBER: _ClassVar[int]
        b: _containers.RepeatedScalarFieldContainer[bool]
        f: _containers.RepeatedScalarFieldContainer[float]
        func: _containers.RepeatedCompositeFieldContainer[NameAttrList]
        i: _containers.RepeatedScalarFieldContainer[int]
        s: _containers.RepeatedScalarFieldContainer[bytes]
        shape: _containers.RepeatedCompositeFieldContainer[_event_pb2.TensorShapeProto]
        tensor: _containers.RepeatedCompositeFieldContainer[_event_pb2.TensorProto]
        type: _containers.RepeatedScalarFieldContainer[_event_pb2.DataType]
        def __init__(self, s: _Optional[_Iterable[bytes]] = ..., i: _Optional[_Iterable[int]] = ..., f: _Optional[_Iterable[float]] = ..., b: _Optional[_Iterable[bool]] = ..., type: _Optional[_Iterable[_Union[_event_pb2.DataType, str]]] = ..., shape: _Optional[_Iterable[_Union[_event_pb2.TensorShapeProto, _Mapping[str, object]]]] = ..., tensor: _Optional[_Iterable[_Union[_event_pb2.TensorProto, _Mapping[str, object]]]] = ..., func: _Optional[_Iterable[_Union[NameAttrList, _Mapping[str, object]]]] = ...) -> None: ...
    B_FIELD_NUMBER: _ClassVar[int]
    FUNC_FIELD_NUMBER: _ClassVar[int]
    F_FIELD_NUMBER: _ClassVar[int]
    I_FIELD_NUMBER: _ClassVar[int]
    LIST_FIELD_NUMBER: _ClassVar[int]
    PLACEHOLDER_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    S_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    b: bool
    f: float
    func: NameAttrList
    i: int
    list: AttrValue.ListValue
    placeholder: str
    s: bytes
    shape: _event_pb2.TensorShapeProto
    tensor: _event_pb2.TensorProto
    type: _event_pb2.DataType
    def __init__(self, list: _Optional[_Union[AttrValue.ListValue, _Mapping[str, object]]] = ..., s: _Optional[bytes] = ..., i: _Optional[int] = ..., f: _Optional[float] = ..., b: bool = ..., type: _Optional[_Union[_event_pb2.DataType, str]] = ..., shape: _Optional[_Union[_event_pb2.TensorShapeProto, _Mapping[str, object]]] = ..., tensor: _Optional[_Union[_event_pb2.TensorProto, _Mapping[str, object]]] = ..., placeholder: _Optional[str] = ..., func: _Optional[_Union[NameAttrList, _Mapping[str, object]]] = ...) -> None: ...

class FunctionDef(_message.Message):
    __slots__ = ["node_def", "ret", "signature"]
    class RetEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class Signature(_message.Message):
        __slots__ = ["input_arg", "name", "output_arg"]
        class Arg(_message.Message):
            __slots__ = ["description", "name", "type"]
            DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
            NAME_FIELD_NUMBER: _ClassVar[int]
            TYPE_FIELD_NUMBER: _ClassVar[int]
            description: str
            name: str
            type: _event_pb2.DataType
            def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., type: _Optional[_Union[_event_pb2.DataType, str]] = ...) -> None: ...
        INPUT_ARG_FIELD_NUMBER: _ClassVar[int]
        NAME_FIELD_NUMBER: _ClassVar[int]
        OUTPUT_ARG_FIELD_NUMBER: _ClassVar[int]
        input_arg: _containers.RepeatedCompositeFieldContainer[FunctionDef.Signature.Arg]
        name: str
        output_arg: _containers.RepeatedCompositeFieldContainer[FunctionDef.Signature.Arg]
        def __init__(self, name: _Optional[str] = ..., input_arg: _Optional[_Iterable[_Union[FunctionDef.Signature.Arg, _Mapping[str, object]]]] = ..., output_arg: _Optional[_Iterable[_Union[FunctionDef.Signature.Arg, _Mapping[str, object]]]] = ...) -> None: ...
    NODE_DEF_FIELD_NUMBER: _ClassVar[int]
    RET_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    node_def: _containers.RepeatedCompositeFieldContainer[NodeDef]
    ret: _containers.ScalarMap[str, str]
    signature: FunctionDef.Signature
    def __init__(self, signature: _Optional[_Union[FunctionDef.Signature, _Mapping[str, object]]] = ..., node_def: _Optional[_Iterable[_Union[NodeDef, _Mapping[str, object]]]] = ..., ret: _Optional[_Mapping[str, str]] = ...) -> None: ...

class FunctionDefLibrary(_message.Message):
    __slots__ = ["function"]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    function: _containers.RepeatedCompositeFieldContainer[FunctionDef]
    def __init__(self, function: _Optional[_Iterable[_Union[FunctionDef, _Mapping[str, object]]]] = ...) -> None: ...

class GraphDef(_message.Message):
    __slots__ = ["library", "node", "version", "versions"]
    LIBRARY_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    library: FunctionDefLibrary
    node: _containers.RepeatedCompositeFieldContainer[NodeDef]
    version: int
    versions: VersionDef
    def __init__(self, node: _Optional[_Iterable[_Union[NodeDef, _Mapping[str, object]]]] = ..., library: _Optional[_Union[FunctionDefLibrary, _Mapping[str, object]]] = ..., version: _Optional[int] = ..., versions: _Optional[_Union[VersionDef, _Mapping[str, object]]] = ...) -> None: ...

class MetaGraphDef(_message.Message):
    __slots__ = ["graph_def"]
    GRAPH_DEF_FIELD_NUMBER: _ClassVar[int]
    graph_def: GraphDef
    def __init__(self, graph_def: _Optional[_Union[GraphDef, _Mapping[str, object]]] = ...) -> None: ...

class NameAttrList(_message.Message):
    __slots__ = ["attr", "name"]
    class AttrEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: AttrValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[AttrValue, _Mapping[str, object]]] = ...) -> None: ...
    ATTR_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    attr: _containers.MessageMap[str, AttrValue]
    name: str
    def __init__(self, name: _Optional[str] = ..., attr: _Optional[_Mapping[str, AttrValue]] = ...) -> None: ...

class NodeDef(_message.Message):
    __slots__ = ["attr", "device", "input", "name", "op"]
    class AttrEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: AttrValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[AttrValue, _Mapping[str, object]]] = ...) -> None: ...
    ATTR_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    INPUT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OP_FIELD_NUMBER: _ClassVar[int]
    attr: _containers.MessageMap[str, AttrValue]
    device: str
    input: _containers.RepeatedScalarFieldContainer[str]
    name: str
    op: str
    def __init__(self, name: _Optional[str] = ..., op: _Optional[str] = ..., input: _Optional[_Iterable[str]] = ..., device: _Optional[str] = ..., attr: _Optional[_Mapping[str, AttrValue]] = ...) -> None: ...

class RunMetadata(_message.Message):
    __slots__ = ["step_stats"]
    STEP_STATS_FIELD_NUMBER: _ClassVar[int]
    step_stats: StepStats
    def __init__(self, step_stats: _Optional[_Union[StepStats, _Mapping[str, object]]] = ...) -> None: ...

class StepStats(_message.Message):
    __slots__ = ["dev_stats"]
    DEV_STATS_FIELD_NUMBER: _ClassVar[int]
    dev_stats: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, dev_stats: _Optional[_Iterable[bytes]] = ...) -> None: ...

class VersionDef(_message.Message):
    __slots__ = ["bad_consumers", "min_consumer", "producer"]
    BAD_CONSUMERS_FIELD_NUMBER: _ClassVar[int]
    MIN_CONSUMER_FIELD_NUMBER: _ClassVar[int]
    PRODUCER_FIELD_NUMBER: _ClassVar[int]
    bad_consumers: _containers.RepeatedScalarFieldContainer[int]
    min_consumer: int
    producer: int
    def __init__(self, producer: _Optional[int] = ..., min_consumer: _Optional[int] = ..., bad_consumers: _Optional[_Iterable[int]] = ...) -> None: ...
