"""Reports as text: lines that fit, names that can be told apart, nothing that steers a terminal."""

from __future__ import annotations

import numpy as np
import pytest

from stepscope.profiler.analysis.wording import kernel_title, percent
from stepscope.profiler.reports.letters import cut_apart, cut_short, padded, printable, width_of
from stepscope.profiler.reports.text_table import text_table
from stepscope.profiler.table import Column, Table


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("void scale<float, 4>(float*, int)", "scale<float, 4>"),
        ("void at::(anonymous namespace)::run<f(int)::{lambda()#1}>(x)", "at::run<f(int)::{lambda()#1}>"),
        ("std::enable_if<(((8)>(0))), void>::type norm<half, 8>(half*, float)", "norm<half, 8>"),
        ("ncclKernel_AllReduce(ncclWork*)", "ncclKernel_AllReduce"),
        ("void gemm(float*) [clone .kd]", "gemm"),
        ("Memcpy HtoD (Pageable -> Device)", "Memcpy HtoD (Pageable -> Device)"),
        ("(odd)", "(odd)"),
    ],
)  # fmt: skip
def test_a_kernel_is_called_by_its_name_and_template(name: str, title: str) -> None:
    assert kernel_title(name) == title


def test_letters_of_east_asia_take_two_columns_and_marks_none() -> None:
    assert [width_of(text) for text in ("mm", "行列", "e\N{COMBINING ACUTE ACCENT}")] == [2, 4, 1]
    assert padded("行", 4) == "行  " and padded("行", 4, True) == "  行"
    assert width_of(cut_short("行列の積" * 9, 20)) <= 20


def test_long_names_keep_what_tells_them_apart() -> None:
    names = [f"at::native::vectorized_elementwise_kernel<4, {name}, Array<char*, 3>>" for name in ("Add", "Mul")]
    cut = cut_apart([*names, names[0], "short"], 36)
    assert "Add" in cut[0] and "Mul" in cut[1] and cut[0] == cut[2] and cut[3] == "short"
    assert all(len(name) <= 36 for name in cut)


def test_tables_fit_and_no_figure_is_cut() -> None:
    table = Table(
        "kernels",
        "Kernels",
        (
            Column("name", "Kernel", ["void " + "x" * 200 + "(int)", "gemm"]),
            *(Column(f"time{at}", "Median bus bandwidth", np.array([10.0**at, 2.0]), "ns") for at in range(6)),
        ),
    )
    names = [column.name for column in table.columns]
    lines = text_table(table, names, width=88)
    assert max(map(len, lines)) <= 88 and lines[0].split() == ["Median"] * 6
    assert "xx…xx" in lines[3] and lines[3].split()[-2:] == ["100", "µs"]
    assert text_table(table, names, 1, 400)[-1] == "… and 1 more"


def test_nothing_steers_the_terminal() -> None:
    assert printable("a\x1b[31mb\x9b\u202ec\ud800\nd é 行") == "a�[31mb��c�\nd é 行"


def test_small_changes_do_not_read_as_none() -> None:
    assert [percent(share) for share in (0.0001, -0.0001, 0, -0.05)] == ["< 0.1 %", "> -0.1 %", "0.0 %", "-5.0 %"]
