"""The names in event files: of plugins, as TensorBoard spells them, and of our writer. No other module spells them."""

from __future__ import annotations

from .proto.event_pb2 import (
    DATA_CLASS_BLOB_SEQUENCE,
    DATA_CLASS_SCALAR,
    DATA_CLASS_TENSOR,
    DATA_CLASS_UNKNOWN,
    Event,
    SourceMetadata,
    SummaryMetadata,
)

SCALARS = "scalars"
HISTOGRAMS = "histograms"
IMAGES = "images"
AUDIO = "audio"
TEXT = "text"
TENSOR = "tensor"
PR_CURVES = "pr_curves"
MESH = "mesh"
HPARAMS = "hparams"
CUSTOM_SCALARS = "custom_scalars"
GRAPH_RUN_METADATA = "graph_run_metadata"
GRAPH_RUN_METADATA_WITH_GRAPH = "graph_run_metadata_graph"
GRAPH_KERAS_MODEL = "graph_keras_model"
# Ours: TensorBoard keeps what it does not know to itself.
EVENTS = "stepscope_events"
PLOTLY = "stepscope_plotly"
HTML = "stepscope_html"
TABLE = "stepscope_table"
CONFUSION_MATRIX = "stepscope_confusion_matrix"
ROC_CURVE = "stepscope_roc_curve"
GRAPH = "stepscope_graph"

# Tags with a fixed meaning.
CUSTOM_SCALARS_LAYOUT_TAG = "custom_scalars__config__"
HPARAMS_EXPERIMENT_TAG = "_hparams_/experiment"
HPARAMS_SESSION_START_TAG = "_hparams_/session_start_info"
HPARAMS_SESSION_END_TAG = "_hparams_/session_end_info"
RUN_GRAPH_TAG = "__run_graph__"
EVENT_TAG_PREFIX = "_events_/"  # then the kind

# Our event files say whose they are in their first event: the name, and the bytes of the field that holds it.
SOURCE_WRITER = "stepscope.logger"
SOURCE_MARK = Event(source_metadata=SourceMetadata(writer=SOURCE_WRITER)).SerializeToString()

# What a summary without `data_class` is, by its plugin.
DATA_CLASS_OF_PLUGIN = {
    SCALARS: DATA_CLASS_SCALAR,
    HISTOGRAMS: DATA_CLASS_TENSOR,
    IMAGES: DATA_CLASS_BLOB_SEQUENCE,
    AUDIO: DATA_CLASS_BLOB_SEQUENCE,
    TEXT: DATA_CLASS_TENSOR,
    TENSOR: DATA_CLASS_TENSOR,
    PR_CURVES: DATA_CLASS_TENSOR,
    MESH: DATA_CLASS_TENSOR,
    HPARAMS: DATA_CLASS_TENSOR,
    CUSTOM_SCALARS: DATA_CLASS_TENSOR,
    EVENTS: DATA_CLASS_TENSOR,
    PLOTLY: DATA_CLASS_TENSOR,
    HTML: DATA_CLASS_TENSOR,
    TABLE: DATA_CLASS_TENSOR,
    CONFUSION_MATRIX: DATA_CLASS_TENSOR,
    ROC_CURVE: DATA_CLASS_TENSOR,
    GRAPH: DATA_CLASS_TENSOR,
    GRAPH_RUN_METADATA: DATA_CLASS_BLOB_SEQUENCE,
    GRAPH_RUN_METADATA_WITH_GRAPH: DATA_CLASS_BLOB_SEQUENCE,
    GRAPH_KERAS_MODEL: DATA_CLASS_BLOB_SEQUENCE,
}


def metadata(plugin: str, content: bytes = b"", display_name: str = "", description: str = "") -> SummaryMetadata:
    """Summary metadata naming `plugin`; `content` is the plugin's own message, serialised."""
    return SummaryMetadata(
        plugin_data=SummaryMetadata.PluginData(plugin_name=plugin, content=content),
        display_name=display_name,
        summary_description=description,
        data_class=DATA_CLASS_OF_PLUGIN.get(plugin, DATA_CLASS_UNKNOWN),
    )
