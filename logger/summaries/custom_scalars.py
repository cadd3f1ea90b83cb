"""Layouts of charts that show several tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import plugins
from ..proto.event_pb2 import Summary
from ..proto.plugins_pb2 import Category, Chart, Layout, MarginChartContent, MultilineChartContent
from ..tensors import string_tensor


def layout_summary(call: str, layout: Mapping[str, Mapping[str, Sequence[Any]]]) -> Summary:
    """{category: {title: ["Multiline", [tags]] or ["Margin", [value, lower, upper]]}} as the run's layout.

    Raises TypeError or ValueError, naming the chart, when it has another form.
    """
    if not isinstance(layout, Mapping):
        raise TypeError(f"{call}: expected a dict of categories, got {type(layout).__name__}")
    categories = []
    for category, charts in layout.items():
        _check_title(call, category)
        if not isinstance(charts, Mapping):
            raise TypeError(f"{call}, {category!r}: expected a dict of charts, got {type(charts).__name__}")
        parts = [_chart(f"{call}, {category!r}/{title!r}", title, content) for title, content in charts.items()]
        categories.append(Category(title=category, chart=parts))
    value = Summary.Value(
        tag=plugins.CUSTOM_SCALARS_LAYOUT_TAG,
        metadata=plugins.metadata(plugins.CUSTOM_SCALARS),
        tensor=string_tensor([Layout(category=categories).SerializeToString()], ()),
    )
    return Summary(value=[value])


def _check_title(call: str, title: object) -> None:
    if not isinstance(title, str):
        raise TypeError(f"{call}: titles must be of type str, got {title!r:.60}")


def _chart(call: str, title: str, content: Sequence[Any]) -> Chart:
    _check_title(call, title)
    if not isinstance(content, (list, tuple)) or len(content) != 2 or content[0] not in ("Multiline", "Margin"):
        raise ValueError(f"{call}: expected ['Multiline', tags] or ['Margin', tags], got {content!r}")
    kind, tags = content
    if not isinstance(tags, (list, tuple)) or not all(isinstance(tag, str) for tag in tags):
        raise TypeError(f"{call}: expected a list of tags, got {tags!r}")
    if kind == "Multiline":
        return Chart(title=title, multiline=MultilineChartContent(tag=tags))
    if len(tags) != 3:
        raise ValueError(f"{call}: a margin chart takes 3 tags (value, lower, upper), got {len(tags)}")
    value, lower, upper = tags
    series = MarginChartContent.Series(value=value, lower=lower, upper=upper)
    return Chart(title=title, margin=MarginChartContent(series=[series]))
