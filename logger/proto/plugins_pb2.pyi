from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DATA_TYPE_BOOL: HParamType
DATA_TYPE_FLOAT64: HParamType
DATA_TYPE_STRING: HParamType
DATA_TYPE_UNSET: HParamType
DESCRIPTOR: _descriptor.FileDescriptor

class AudioPluginData(_message.Message):
    __slots__ = ["converted_to_tensor", "encoding", "version"]
    class Encoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = []
    CONVERTED_TO_TENSOR_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN: AudioPluginData.Encoding
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WAV: AudioPluginData.Encoding
    converted_to_tensor: bool
    encoding: AudioPluginData.Encoding
    version: int
    def __init__(self, version: _Optional[int] = ..., encoding: _Optional[_Union[AudioPluginData.Encoding, str]] = ..., converted_to_tensor: bool = ...) -> None: ...

class Category(_message.Message):
    __slots__ = ["chart", "closed", "title"]
    CHART_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    chart: _containers.RepeatedCompositeFieldContainer[Chart]
    closed: bool
    title: str
    def __init__(self, title: _Optional[str] = ..., chart: _Optional[_Iterable[_Union[Chart, _Mapping[str, object]]]] = ..., closed: bool = ...) -> None: ...

class Chart(_message.Message):
    __slots__ = ["margin", "multiline", "title"]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    MULTILINE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    margin: MarginChartContent
    multiline: MultilineChartContent
    title: str
    def __init__(self, title: _Optional[str] = ..., multiline: _Optional[_Union[MultilineChartContent, _Mapping[str, object]]] = ..., margin: _Optional[_Union[MarginChartContent, _Mapping[str, object]]] = ...) -> None: ...

class Experiment(_message.Message):
    __slots__ = ["description", "hparam_infos", "metric_infos", "name", "time_created_secs", "user"]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    HPARAM_INFOS_FIELD_NUMBER: _ClassVar[int]
    METRIC_INFOS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_CREATED_SECS_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    description: str
    hparam_infos: _containers.RepeatedCompositeFieldContainer[HParamInfo]
    metric_infos: _containers.RepeatedCompositeFieldContainer[MetricInfo]
    name: str
    time_created_secs: float
    user: str
    def __init__(self, description: _Optional[str] = ..., user: _Optional[str] = ..., time_created_secs: _Optional[float] = ..., hparam_infos: _Optional[_Iterable[_Union[HParamInfo, _Mapping[str, object]]]] = ..., metric_infos: _Optional[_Iterable[_Union[MetricInfo, _Mapping[str, object]]]] = ..., name: _Optional[str] = ...) -> None: ...

class HParamInfo(_message.Message):
    __slots__ = ["description", "differs", "display_name", "domain_discrete", "domain_interval", "name", "type"]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DIFFERS_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_DISCRETE_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    description: str
    differs: bool
    display_name: str
    domain_discrete: _struct_pb2.ListValue
    domain_interval: Interval
    name: str
    type: HParamType
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., type: _Optional[_Union[HParamType, str]] = ..., domain_discrete: _Optional[_Union[_struct_pb2.ListValue, _Mapping[str, object]]] = ..., domain_interval: _Optional[_Union[Interval, _Mapping[str, object]]] = ..., differs: bool = ...) -> None: ...

class HParamsPluginData(_message.Message):
    __slots__ = ["experiment", "session_end_info", "session_start_info", "version"]
    EXPERIMENT_FIELD_NUMBER: _ClassVar[int]
    SESSION_END_INFO_FIELD_NUMBER: _ClassVar[int]
    SESSION_START_INFO_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    experiment: Experiment
    session_end_info: SessionEndInfo
    session_start_info: SessionStartInfo
    version: int
    def __init__(self, version: _Optional[int] = ..., experiment: _Optional[_Union[Experiment, _Mapping[str, object]]] = ..., session_start_info: _Optional[_Union[SessionStartInfo, _Mapping[str, object]]] = ..., session_end_info: _Optional[_Union[SessionEndInfo, _Mapping[str, object]]] = ...) -> None: ...

class HistogramPluginData(_message.Message):
    __slots__ = ["version"]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class ImagePluginData(_message.Message):
    __slots__ = ["converted_to_tensor", "version"]
    CONVERTED_TO_TENSOR_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    converted_to_tensor: bool
    version: int
    def __init__(self, version: _Optional[int] = ..., converted_to_tensor: bool = ...) -> None: ...

class Interval(_message.Message):
    __slots__ = ["max_value", "min_value"]
    MAX_VALUE_FIELD_NUMBER: _ClassVar[int]
    MIN_VALUE_FIELD_NUMBER: _ClassVar[int]
    max_value: float
    min_value: float
    def __init__(self, min_value: _Optional[float] = ..., max_value: _Optional[float] = ...) -> None: ...

class Layout(_message.Message):
    __slots__ = ["category", "version"]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    category: _containers.RepeatedCompositeFieldContainer[Category]
    version: int
    def __init__(self, version: _Optional[int] = ..., category: _Optional[_Iterable[_Union[Category, _Mapping[str, object]]]] = ...) -> None: ...

class MarginChartContent(_message.Message):
    __slots__ = ["series"]
    class Series(_message.Message):
        __slots__ = ["lower", "upper", "value"]
        LOWER_FIELD_NUMBER: _ClassVar[int]
        UPPER_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        lower: str
        upper: str
        value: str
        def __init__(self, value: _Optional[str] = ..., lower: _Optional[str] = ..., upper: _Optional[str] = ...) -> None: ...
    SERIES_FIELD_NUMBER: _ClassVar[int]
    series: _containers.RepeatedCompositeFieldContainer[MarginChartContent.Series]
    def __init__(self, series: _Optional[_Iterable[_Union[MarginChartContent.Series, _Mapping[str, object]]]] = ...) -> None: ...

class MeshPluginData(_message.Message):
    __slots__ = ["components", "content_type", "json_config", "name", "shape", "version"]
    class ContentType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = []
    COLOR: MeshPluginData.ContentType
    COMPONENTS_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    FACE: MeshPluginData.ContentType
    JSON_CONFIG_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    UNDEFINED: MeshPluginData.ContentType
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VERTEX: MeshPluginData.ContentType
    components: int
    content_type: MeshPluginData.ContentType
    json_config: str
    name: str
    shape: _containers.RepeatedScalarFieldContainer[int]
    version: int
    def __init__(self, version: _Optional[int] = ..., name: _Optional[str] = ..., content_type: _Optional[_Union[MeshPluginData.ContentType, str]] = ..., json_config: _Optional[str] = ..., shape: _Optional[_Iterable[int]] = ..., components: _Optional[int] = ...) -> None: ...

class MetricInfo(_message.Message):
    __slots__ = ["dataset_type", "description", "display_name", "name"]
    class DatasetType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = []
    DATASET_TRAINING: MetricInfo.DatasetType
    DATASET_TYPE_FIELD_NUMBER: _ClassVar[int]
    DATASET_UNKNOWN: MetricInfo.DatasetType
    DATASET_VALIDATION: MetricInfo.DatasetType
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    dataset_type: MetricInfo.DatasetType
    description: str
    display_name: str
    name: MetricName
    def __init__(self, name: _Optional[_Union[MetricName, _Mapping[str, object]]] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., dataset_type: _Optional[_Union[MetricInfo.DatasetType, str]] = ...) -> None: ...

class MetricName(_message.Message):
    __slots__ = ["group", "tag"]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    group: str
    tag: str
    def __init__(self, group: _Optional[str] = ..., tag: _Optional[str] = ...) -> None: ...

class MultilineChartContent(_message.Message):
    __slots__ = ["tag"]
    TAG_FIELD_NUMBER: _ClassVar[int]
    tag: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tag: _Optional[_Iterable[str]] = ...) -> None: ...

class PrCurvePluginData(_message.Message):
    __slots__ = ["num_thresholds", "version"]
    NUM_THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    num_thresholds: int
    version: int
    def __init__(self, version: _Optional[int] = ..., num_thresholds: _Optional[int] = ...) -> None: ...

class ProjectorConfig(_message.Message):
    __slots__ = ["embeddings", "model_checkpoint_dir", "model_checkpoint_path"]
    class Embedding(_message.Message):
        __slots__ = ["bookmarks_path", "metadata_path", "sprite", "tensor_name", "tensor_path", "tensor_shape"]
        BOOKMARKS_PATH_FIELD_NUMBER: _ClassVar[int]
        METADATA_PATH_FIELD_NUMBER: _ClassVar[int]
        SPRITE_FIELD_NUMBER: _ClassVar[int]
        TENSOR_NAME_FIELD_NUMBER: _ClassVar[int]
        TENSOR_PATH_FIELD_NUMBER: _ClassVar[int]
        TENSOR_SHAPE_FIELD_NUMBER: _ClassVar[int]
        bookmarks_path: str
        metadata_path: str
        sprite: ProjectorConfig.Sprite
        tensor_name: str
        tensor_path: str
        tensor_shape: _containers.RepeatedScalarFieldContainer[int]
        def __init__(self, tensor_name: _Optional[str] = ..., metadata_path: _Optional[str] = ..., bookmarks_path: _Optional[str] = ..., tensor_shape: _Optional[_Iterable[int]] = ..., sprite: _Optional[_Union[ProjectorConfig.Sprite, _Mapping[str, object]]] = ..., tensor_path: _Optional[str] = ...) -> None: ...
    class Sprite(_message.Message):
        __slots__ = ["image_path", "single_image_dim"]
        IMAGE_PATH_FIELD_NUMBER: _ClassVar[int]
        SINGLE_IMAGE_DIM_FIELD_NUMBER: _ClassVar[int]
        image_path: str
        single_image_dim: _containers.RepeatedScalarFieldContainer[int]
        def __init__(self, image_path: _Optional[str] = ..., single_image_dim: _Optional[_Iterable[int]] = ...) -> None: ...
    EMBEDDINGS_FIELD_NUMBER: _ClassVar[int]
    MODEL_CHECKPOINT_DIR_FIELD_NUMBER: _ClassVar[int]
    MODEL_CHECKPOINT_PATH_FIELD_NUMBER: _ClassVar[int]
    embeddings: _containers.RepeatedCompositeFieldContainer[ProjectorConfig.Embedding]
    model_checkpoint_dir: str
    model_checkpoint_path: str
    def __init__(self, model_checkpoint_path: _Optional[str] = ..., embeddings: _Optional[_Iterable[_Union[ProjectorConfig.Embedding, _Mapping[str, object]]]] = ..., model_checkpoint_dir: _Optional[str] = ...) -> None: ...

class ScalarPluginData(_message.Message):
    __slots__ = ["version"]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class SessionEndInfo(_message.Message):
    __slots__ = ["end_time_secs", "status"]
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = []
    END_TIME_SECS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FAILURE: SessionEndInfo.Status
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_RUNNING: SessionEndInfo.Status
    STATUS_SUCCESS: SessionEndInfo.Status
    STATUS_UNKNOWN: SessionEndInfo.Status
    end_time_secs: float
    status: SessionEndInfo.Status
    def __init__(self, status: _Optional[_Union[SessionEndInfo.Status, str]] = ..., end_time_secs: _Optional[float] = ...) -> None: ...

class SessionStartInfo(_message.Message):
    __slots__ = ["group_name", "hparams", "model_uri", "monitor_url", "start_time_secs"]
    class HparamsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _struct_pb2.Value
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping[str, object]]] = ...) -> None: ...
    GROUP_NAME_FIELD_NUMBER: _ClassVar[int]
    HPARAMS_FIELD_NUMBER: _ClassVar[int]
    MODEL_URI_FIELD_NUMBER: _ClassVar[int]
    MONITOR_URL_FIELD_NUMBER: _ClassVar[int]
    START_TIME_SECS_FIELD_NUMBER: _ClassVar[int]
    group_name: str
    hparams: _containers.MessageMap[str, _struct_pb2.Value]
    model_uri: str
    monitor_url: str
    start_time_secs: float
    def __init__(self, hparams: _Optional[_Mapping[str, _struct_pb2.Value]] = ..., model_uri: _Optional[str] = ..., monitor_url: _Optional[str] = ..., group_name: _Optional[str] = ..., start_time_secs: _Optional[float] = ...) -> None: ...

class TextPluginData(_message.Message):
    __slots__ = ["version"]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class HParamType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
