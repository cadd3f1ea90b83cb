"""Who may import whom, read from the source itself (Python and JavaScript), and what an import may drag in."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "webapp" / "static"

MAY_IMPORT = {
    "logger": set(),
    "profiler": {"logger"},
    "projector": {"logger"},
    "webapp": {"logger", "profiler", "projector"},
}
MAY_IMPORT_JS = {
    "sandbox": set(),  # runs in a frame of its own
    "lib": set(),
    "state": {"lib"},
    "ui": {"lib"},
    "charts": {"lib"},
    "dashboards": {"lib", "state", "ui", "charts"},
}
JS_IMPORT = re.compile(r'\b(?:from|import)\s*\(?\s*"(\.{1,2}/[^"]+)"')


def imports(path: Path) -> Iterator[str]:
    """Absolute dotted names that a module of ours imports, relative ones resolved as in the installed layout."""
    package = ("stepscope", *path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join([*base, *([node.module] if node.module else [])])


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_python_packages_import_one_way(package: str) -> None:
    ours = {f"stepscope.{name}" for name in MAY_IMPORT}
    allowed = {f"stepscope.{name}" for name in MAY_IMPORT[package] | {package}}
    for path in (ROOT / package).rglob("*.py"):
        used = {".".join(name.split(".")[:2]) for name in imports(path)} & ours
        assert used <= allowed, f"{path.relative_to(ROOT)} may not import {', '.join(sorted(used - allowed))}"


def test_there_are_no_import_cycles_between_the_modules_of_a_package() -> None:
    """Imports inside functions count as well: a cycle put off is a cycle."""
    modules = {_module_name(path): path for name in MAY_IMPORT for path in (ROOT / name).rglob("*.py")}
    graph = {name: _targets(path, modules) - {name} for name, path in modules.items()}
    packages = {name for name, path in modules.items() if path.name == "__init__.py"}
    graph = {name: targets - packages for name, targets in graph.items() if name not in packages}
    assert _find_cycle(graph) is None


def _module_name(path: Path) -> str:
    parts = ("stepscope", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _targets(path: Path, modules: dict[str, Path]) -> set[str]:
    package = ("stepscope", *path.relative_to(ROOT).parent.parts)
    found = set(imports(path))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *([node.module] if node.module else [])]
            found |= {".".join([*base, alias.name]) for alias in node.names}
    return found & modules.keys()


def _find_cycle(graph: dict[str, set[str]]) -> list[str] | None:
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return None
        for target in sorted(graph.get(name, ())):
            if cycle := visit(target, [*path, name]):
                return cycle
        done.add(name)
        return None

    return next((cycle for name in sorted(graph) if (cycle := visit(name, []))), None)


def test_the_cycle_finder_finds_one() -> None:
    assert _find_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert _find_cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) is None


@pytest.mark.parametrize("folder", MAY_IMPORT_JS)
def test_front_end_folders_import_one_way(folder: str) -> None:
    for path in (STATIC / folder).rglob("*.js"):
        for target in JS_IMPORT.findall(path.read_text("utf-8")):
            top = (path.parent / target).resolve().relative_to(STATIC.resolve()).parts[0]
            allowed = MAY_IMPORT_JS[folder] | {folder}
            assert top in allowed, f"{path.relative_to(STATIC)} may not import from {top}/"


def test_every_front_end_folder_is_ruled() -> None:
    folders = {path.parent.relative_to(STATIC).parts[0] for path in STATIC.glob("*/**/*.js")}
    assert folders <= MAY_IMPORT_JS.keys()


@pytest.mark.parametrize("heavy", ["torch", "tensorflow", "jax", "flask", "sklearn", "numba", "PIL", "matplotlib"])
def test_importing_the_logger_stays_light(heavy: str) -> None:
    code = f"import sys, stepscope.logger; stepscope.logger.SummaryWriter; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_users_own_logger_module_is_not_shadowed(tmp_path: Path) -> None:
    (tmp_path / "logger.py").write_text("NAME = 'mine'\n")
    (tmp_path / "train.py").write_text(
        "import logger, stepscope.logger as ours\nassert logger.NAME == 'mine' and ours\n"
    )
    assert subprocess.run([sys.executable, "train.py"], cwd=tmp_path, check=False).returncode == 0


def test_rivals_and_the_writer_live_in_one_process() -> None:
    pytest.importorskip("tensorboard")
    pytest.importorskip("tensorboardX")
    code = (
        "import tensorboard.compat.proto.event_pb2, tensorboardX.proto.event_pb2, tensorboard, tensorboardX\n"
        "import stepscope.logger as ours; from stepscope.logger.proto import event_pb2 as mine\n"
        "assert ours.SummaryWriter and mine.Event.DESCRIPTOR.full_name == 'stepscope.Event'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_the_public_names_of_a_package_resolve_and_are_sorted(package: str) -> None:
    module = __import__(f"stepscope.{package}", fromlist=["__all__"])
    assert list(module.__all__) == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)
