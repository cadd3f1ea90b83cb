from google.protobuf import struct_pb2 as _struct_pb2
from . import plugins_pb2 as _plugins_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

AGGREGATION_AVG: AggregationType
AGGREGATION_MAX: AggregationType
AGGREGATION_MEDIAN: AggregationType
AGGREGATION_MIN: AggregationType
AGGREGATION_UNSET: AggregationType
DESCRIPTOR: _descriptor.FileDescriptor
ORDER_ASC: SortOrder
ORDER_DESC: SortOrder
ORDER_UNSPECIFIED: SortOrder

class ColParams(_message.Message):
    __slots__ = ["exclude_missing_values", "filter_discrete", "filter_interval", "filter_regexp", "hparam", "include_in_result", "metric", "missing_values_first", "order"]
    EXCLUDE_MISSING_VALUES_FIELD_NUMBER: _ClassVar[int]
    FILTER_DISCRETE_FIELD_NUMBER: _ClassVar[int]
    FILTER_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    FILTER_REGEXP_FIELD_NUMBER: _ClassVar[int]
    HPARAM_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_IN_RESULT_FIELD_NUMBER: _ClassVar[int]
    METRIC_FIELD_NUMBER: _ClassVar[int]
    MISSING_VALUES_FIRST_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    exclude_missing_values: bool
    filter_discrete: _struct_pb2.ListValue
    filter_interval: _plugins_pb2.Interval
    filter_regexp: str
    hparam: str
    include_in_result: bool
    metric: _plugins_pb2.MetricName
    missing_values_first: bool
    order: SortOrder
    def __init__(self, metric: _Optional[_Union[_plugins_pb2.MetricName, _Mapping[str, object]]] = ..., hparam: _Optional[str] = ..., order: _Optional[_Union[SortOrder, str]] = ..., missing_values_first: bool = ..., filter_regexp: _Optional[str] = ..., filter_interval: _Optional[_Union[_plugins_pb2.Interval, _Mapping[str, object]]] = ..., filter_discrete: _Optional[_Union[_struct_pb2.ListValue, _Mapping[str, object]]] = ..., exclude_missing_values: bool = ..., include_in_result: bool = ...) -> None: ...

class GetExperimentRequest(_message.Message):
    __slots__ = ["experiment_name", "hparams_limit", "include_metrics"]
    EXPERIMENT_NAME_FIELD_NUMBER: _ClassVar[int]
    HPARAMS_LIMIT_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_METRICS_FIELD_NUMBER: _ClassVar[int]
    experiment_name: str
    hparams_limit: int
    include_metrics: bool
    def __init__(self, experiment_name: _Optional[str] = ..., include_metrics: bool = ..., hparams_limit: _Optional[int] = ...) -> None: ...

class ListMetricEvalsRequest(_message.Message):
    __slots__ = ["experiment_name", "metric_name", "session_name"]
    EXPERIMENT_NAME_FIELD_NUMBER: _ClassVar[int]
    METRIC_NAME_FIELD_NUMBER: _ClassVar[int]
    SESSION_NAME_FIELD_NUMBER: _ClassVar[int]
    experiment_name: str
    metric_name: _plugins_pb2.MetricName
    session_name: str
    def __init__(self, experiment_name: _Optional[str] = ..., session_name: _Optional[str] = ..., metric_name: _Optional[_Union[_plugins_pb2.MetricName, _Mapping[str, object]]] = ...) -> None: ...

class ListSessionGroupsRequest(_message.Message):
    __slots__ = ["aggregation_metric", "aggregation_type", "allowed_statuses", "col_params", "experiment_name", "include_metrics", "slice_size", "start_index"]
    AGGREGATION_METRIC_FIELD_NUMBER: _ClassVar[int]
    AGGREGATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_STATUSES_FIELD_NUMBER: _ClassVar[int]
    COL_PARAMS_FIELD_NUMBER: _ClassVar[int]
    EXPERIMENT_NAME_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_METRICS_FIELD_NUMBER: _ClassVar[int]
    SLICE_SIZE_FIELD_NUMBER: _ClassVar[int]
    START_INDEX_FIELD_NUMBER: _ClassVar[int]
    aggregation_metric: _plugins_pb2.MetricName
    aggregation_type: AggregationType
    allowed_statuses: _containers.RepeatedScalarFieldContainer[_plugins_pb2.SessionEndInfo.Status]
    col_params: _containers.RepeatedCompositeFieldContainer[ColParams]
    experiment_name: str
    include_metrics: bool
    slice_size: int
    start_index: int
    def __init__(self, experiment_name: _Optional[str] = ..., allowed_statuses: _Optional[_Iterable[_Union[_plugins_pb2.SessionEndInfo.Status, str]]] = ..., col_params: _Optional[_Iterable[_Union[ColParams, _Mapping[str, object]]]] = ..., aggregation_type: _Optional[_Union[AggregationType, str]] = ..., aggregation_metric: _Optional[_Union[_plugins_pb2.MetricName, _Mapping[str, object]]] = ..., start_index: _Optional[int] = ..., slice_size: _Optional[int] = ..., include_metrics: bool = ...) -> None: ...

class ListSessionGroupsResponse(_message.Message):
    __slots__ = ["session_groups", "total_size"]
    SESSION_GROUPS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    session_groups: _containers.RepeatedCompositeFieldContainer[SessionGroup]
    total_size: int
    def __init__(self, session_groups: _Optional[_Iterable[_Union[SessionGroup, _Mapping[str, object]]]] = ..., total_size: _Optional[int] = ...) -> None: ...

class MetricValue(_message.Message):
    __slots__ = ["name", "training_step", "value", "wall_time_secs"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TRAINING_STEP_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    WALL_TIME_SECS_FIELD_NUMBER: _ClassVar[int]
    name: _plugins_pb2.MetricName
    training_step: int
    value: float
    wall_time_secs: float
    def __init__(self, name: _Optional[_Union[_plugins_pb2.MetricName, _Mapping[str, object]]] = ..., value: _Optional[float] = ..., training_step: _Optional[int] = ..., wall_time_secs: _Optional[float] = ...) -> None: ...

class Session(_message.Message):
    __slots__ = ["end_time_secs", "metric_values", "model_uri", "monitor_url", "name", "start_time_secs", "status"]
    END_TIME_SECS_FIELD_NUMBER: _ClassVar[int]
    METRIC_VALUES_FIELD_NUMBER: _ClassVar[int]
    MODEL_URI_FIELD_NUMBER: _ClassVar[int]
    MONITOR_URL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_SECS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    end_time_secs: float
    metric_values: _containers.RepeatedCompositeFieldContainer[MetricValue]
    model_uri: str
    monitor_url: str
    name: str
    start_time_secs: float
    status: _plugins_pb2.SessionEndInfo.Status
    def __init__(self, name: _Optional[str] = ..., start_time_secs: _Optional[float] = ..., end_time_secs: _Optional[float] = ..., status: _Optional[_Union[_plugins_pb2.SessionEndInfo.Status, str]] = ..., model_uri: _Optional[str] = ..., metric_values: _Optional[_Iterable[_Union[MetricValue, _Mapping[str, object]]]] = ..., monitor_url: _Optional[str] = ...) -> None: ...

class SessionGroup(_message.Message):
    __slots__ = ["hparams", "metric_values", "monitor_url", "name", "sessions"]
    class HparamsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _struct_pb2.Value
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping[str, object]]] = ...) -> None: ...
    HPARAMS_FIELD_NUMBER: _ClassVar[int]
    METRIC_VALUES_FIELD_NUMBER: _ClassVar[int]
    MONITOR_URL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    hparams: _containers.MessageMap[str, _struct_pb2.Value]
    metric_values: _containers.RepeatedCompositeFieldContainer[MetricValue]
    monitor_url: str
    name: str
    sessions: _containers.RepeatedCompositeFieldContainer[Session]
    def __init__(self, name: _Optional[str] = ..., hparams: _Optional[_Mapping[str, _struct_pb2.Value]] = ..., metric_values: _Optional[_Iterable[_Union[MetricValue, _Mapping[str, object]]]] = ..., sessions: _Optional[_Iterable[_Union[Session, _Mapping[str, object]]]] = ..., monitor_url: _Optional[str] = ...) -> None: ...

class SortOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class AggregationType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
