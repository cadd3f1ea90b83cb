"""The methods of SummaryWriter for figures, pages and tables that the dashboard keeps alive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .summaries import plotly_figure, table
from .summaries.html import check_html, html_summary
from .writer_core import WriterCore, call_name


class DocumentMethods(WriterCore):
    """Documents. They are copied at the call and written in the background. TensorBoard ignores them."""

    def add_plotly(self, tag: str, figure: Any, global_step: Any = None, walltime: float | None = None) -> None:
        """Log a Plotly figure, which stays interactive: its object, a dict {"data": [traces], "layout": …} or JSON.

        Stored as JSON, compressed beyond 4 KiB; dicts may hold arrays of numpy, torch or pandas; NaN becomes null.
        Raises TypeError or ValueError when it is no figure. Plotly need not be installed.
        """
        call = call_name("add_plotly", tag)
        taken = plotly_figure.taken_plotly(call, figure)
        nbytes = len(taken) if isinstance(taken, str) else taken.nbytes
        self._add(call, lambda: plotly_figure.plotly_summary(tag, taken), global_step, walltime, nbytes)

    def add_html(self, tag: str, html: str, global_step: Any = None, walltime: float | None = None) -> None:
        """Log an HTML page, shown in a frame of its own without network: what it needs must be in it.

        Raises TypeError when it is no string, ValueError beyond 64 MiB.
        """
        call = call_name("add_html", tag)
        check_html(call, html)
        self._add(call, lambda: html_summary(tag, html), global_step, walltime, len(html))

    def add_table(
        self,
        tag: str,
        rows: Any,
        global_step: Any = None,
        walltime: float | None = None,
        *,
        columns: Sequence[str] | None = None,
    ) -> None:
        """Log a table whose columns have types: numbers, whole numbers, booleans, times, text, pictures.

        rows: a list of dicts, of data classes, or of lists (`columns` names them); a dict of columns; a data frame or
            series of pandas or polars, a table of pyarrow; a numpy array of records or (rows, columns). `columns` of
            dicts and frames: which, in which order.
        A cell is None, a bool, number, str, date or time, or a picture: an array (height, width) or (height, width,
        1, 3 or 4), floats from 0 to 1 or uint8, or Pillow's. Anything else is shown as text.
        Raises TypeError when it is no table, ValueError when rows or columns differ in length.
        """
        call = call_name("add_table", tag)
        taken, names = table.taken_table(call, rows, columns)
        self._add(call, lambda: table.table_summary(tag, taken, names), global_step, walltime, taken.nbytes)
