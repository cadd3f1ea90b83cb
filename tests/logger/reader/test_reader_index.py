"""The index: fast to open again, safe to lose, never wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from reader_logs import NAME, append, backdate, event, many_points, points, scalar, steps, tensor_value, version, write

from stepscope.logger import LogDir, open_logdir, plugins
from stepscope.logger.reader import scan
from stepscope.logger.reader.index import Index, prune


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """(log directory, index directory)."""
    return tmp_path / "logs", tmp_path / "index"


class Reads:
    """Counts the bytes of event files that are decoded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.offsets: list[int] = []
        original = scan.scan

        def counting(storage: object, path: str, offset: int, threads: object = None) -> object:
            self.offsets.append(offset)
            return original(storage, path, offset, threads)  # type: ignore[arg-type]

        monkeypatch.setattr("stepscope.logger.reader.reading.scan", counting)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    return Reads(monkeypatch)


def index_files(index: Path) -> list[Path]:
    return [path for path in index.rglob("*") if path.is_file()]


def fill(logs: Path) -> Path:
    """Two runs with scalars, a text and a restart; the path of the first one's file."""
    text = tensor_value("note", np.array("hello"), plugins.TEXT)
    path = write(logs / "a", version(), points("x", range(50)), event(text, step=3), points("y", range(5)))
    write(logs / "b", points("x", range(10)), points("x", range(5, 8), wall=2000, offset=100))
    return path


def snapshot(log: LogDir) -> object:
    """Everything that the log shows."""
    found = []
    for run in log.runs:
        for kind, tags in log.tags(run).items():
            for tag in tags:
                series = log.scalars(run, tag) if kind == "scalars" else log.blobs(run, kind, tag)
                values = series.value.tolist() if kind == "scalars" else [str(value) for value in series]
                found.append((run, kind, tag, series.step.tolist(), series.wall_time.tolist(), values))
        found.append((log.run_info(run), log.files(run)))
    return found


def test_a_second_opening_decodes_nothing(folders: tuple[Path, Path], reads: Reads) -> None:
    logs, index = folders
    fill(logs)
    with open_logdir(logs, index_dir=index) as log:
        before = snapshot(log)
    reads.offsets.clear()
    with open_logdir(logs, index_dir=index) as log:
        assert snapshot(log) == before
        assert log.scalars("b", "x").latest().step.tolist() == list(range(8))
        assert str(index) in log.status().index
    assert reads.offsets == []


def test_a_second_opening_needs_no_compiler(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    fill(logs)
    open_logdir(logs, index_dir=index).close()
    script = (
        "import sys; from stepscope.logger import open_logdir\n"
        "log = open_logdir(sys.argv[1], index_dir=sys.argv[2])\n"
        "print(len(log.scalars('a', 'x')), 'numba' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script, logs, index], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["50", "False"]


def test_only_new_bytes_are_read(folders: tuple[Path, Path], reads: Reads) -> None:
    logs, index = folders
    path = fill(logs)
    open_logdir(logs, index_dir=index).close()
    size = path.stat().st_size
    append(path, points("x", range(50, 60), wall=3000))
    write(logs / "c", points("x", range(2)))
    reads.offsets.clear()
    with open_logdir(logs, index_dir=index) as log:
        assert steps(log, "x", "a") == list(range(60))
        assert log.runs == ["a", "b", "c"]
    assert sorted(reads.offsets) == [0, size]
    reads.offsets.clear()
    with open_logdir(logs, index_dir=index) as log:
        assert steps(log, "x", "a") == list(range(60))
    assert reads.offsets == []


def test_growing_writes_only_what_is_new(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    path = write(logs, many_points(tags=10, count=4000))
    open_logdir(logs, index_dir=index).close()
    before = {file: file.stat().st_size for file in index_files(index) if file.suffix == ".bin"}
    append(path, scalar("tag_000", 5000, 1.0))
    open_logdir(logs, index_dir=index).close()
    new = [file for file in index_files(index) if file.suffix == ".bin" and file not in before]
    assert all(file.exists() for file in before)
    assert sum(file.stat().st_size for file in new) < 1000


def test_points_on_disk_take_less_than_24_bytes(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    write(logs, many_points(tags=20, count=500))
    open_logdir(logs, index_dir=index).close()
    assert sum(file.stat().st_size for file in index_files(index)) <= 24 * 20 * 500


def test_images_cost_an_entry_not_their_size(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    from stepscope.logger.proto import event_pb2 as pb

    picture = pb.Summary.Image(width=1, height=1, encoded_image_string=os.urandom(200_000))
    write(logs, *(event(pb.Summary.Value(tag="img", image=picture), step=step) for step in range(20)))
    with open_logdir(logs, index_dir=index) as log:
        assert log.images(".", "img")[7].data == picture.encoded_image_string
    assert sum(file.stat().st_size for file in index_files(index)) < 20_000


# --- staleness --------------------------------------------------------------------------------------------------------


def test_another_content_of_the_same_size_and_times_is_noticed(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even the time of the last change of status may be trusted: the ends of the file are compared."""
    from stepscope.logger.reader.storage import FileHandle, FileStamp, LocalStorage

    logs, index = folders
    path = write(logs, points("x", range(10)))
    open_logdir(logs, index_dir=index).close()
    before = path.stat()
    with open(path, "r+b") as file:
        file.write(points("x", range(10), offset=7))
    backdate(path, before)
    same = FileStamp(before.st_ino, before.st_size, before.st_mtime_ns, before.st_ctime_ns)
    monkeypatch.setattr(LocalStorage, "stamp", lambda self, path: same)
    monkeypatch.setattr(FileHandle, "stamp", lambda self: same)
    with open_logdir(logs, index_dir=index) as log:
        assert log.scalars(".", "x").value.tolist() == [step + 7.0 for step in range(10)]


def test_files_that_went_away_are_forgotten(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    path = fill(logs)
    open_logdir(logs, index_dir=index).close()
    path.unlink()
    with open_logdir(logs, index_dir=index) as log:
        assert log.runs == ["b"]


def test_an_index_belongs_to_its_directory(folders: tuple[Path, Path], tmp_path: Path) -> None:
    logs, index = folders
    fill(logs)
    open_logdir(logs, index_dir=index).close()
    write(tmp_path / "other" / "a", points("z", range(3)))
    with open_logdir([logs, tmp_path / "other"], index_dir=index) as log:
        assert log.runs == ["logs/a", "logs/b", "other/a"]
        assert steps(log, "z", "other/a") == [0, 1, 2]


# --- loss and damage --------------------------------------------------------------------------------------------------


def test_deleted_between_and_during_use(folders: tuple[Path, Path]) -> None:
    import shutil

    logs, index = folders
    fill(logs)
    open_logdir(logs, index_dir=index).close()
    log = open_logdir(logs, index_dir=index)
    shutil.rmtree(index)
    assert steps(log, "x", "a") == list(range(50))
    append(logs / "a" / NAME, scalar("x", 50, 50.0, wall=3000))
    log.refresh()
    log.close()
    with open_logdir(logs, index_dir=index) as log:
        assert steps(log, "x", "a") == list(range(51))


def test_every_file_of_the_index_cut_or_changed_anywhere(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    fill(logs)
    with open_logdir(logs, index_dir=False) as log:
        truth = snapshot(log)
    open_logdir(logs, index_dir=index).close()
    intact = {path: path.read_bytes() for path in index_files(index)}
    random = np.random.default_rng(1)
    for path, data in intact.items():
        for attempt in range(12):
            position = int(random.integers(0, len(data)))
            damaged = bytearray(data[:position] if attempt % 3 == 0 else data)
            if attempt % 3:
                damaged[position] ^= 1 << int(random.integers(0, 8))
            path.write_bytes(damaged)
            with open_logdir(logs, index_dir=index) as log:
                assert snapshot(log) == truth, (path.name, position)
            for other, content in intact.items():
                other.write_bytes(content)


def test_an_index_of_another_version_is_rebuilt(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    fill(logs)
    open_logdir(logs, index_dir=index).close()
    [manifest] = index.rglob("manifest")
    data = bytearray(manifest.read_bytes())
    data[7] = 99
    manifest.write_bytes(data)
    with open_logdir(logs, index_dir=index) as log:
        assert steps(log, "x", "a") == list(range(50))
    assert manifest.read_bytes()[7] != 99


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    fill(logs)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with open_logdir(logs, index_dir=blocked) as log:
        assert steps(log, "x", "a") == list(range(50))
        log.save_index()
        assert log.status().index.startswith("not kept: ")


def test_no_index_at_all(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    fill(logs)
    with open_logdir(logs, index_dir=False) as log:
        assert log.status().index == "not kept"
    assert not index.exists()


def test_two_processes_save_at_the_same_time(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    fill(logs)
    script = (
        "import sys; from stepscope.logger import open_logdir\n"
        "for _ in range(5):\n"
        "    log = open_logdir(sys.argv[1], index_dir=sys.argv[2]); assert len(log.scalars('a', 'x')) >= 50\n"
        "    open(sys.argv[1] + '/b/events.out.tfevents.1700000000.host', 'ab').close()\n"
        "    log._loader._reader.unsaved = True; log.close()"
    )
    command = [sys.executable, "-c", script, logs, index]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate()[1] for process in processes] == [b"", b""]
    with open_logdir(logs, index_dir=index) as log:
        assert steps(log, "x", "a") == list(range(50))


def test_column_files_are_joined_and_orphans_deleted(folders: tuple[Path, Path]) -> None:
    logs, index = folders
    path = write(logs, many_points(tags=4, count=100))
    for step in range(40):
        append(path, points("x", [step], wall=3000.0 + step))
        open_logdir(logs, index_dir=index).close()
    columns = [file for file in index_files(index) if file.suffix == ".bin"]
    for file in columns:
        os.utime(file, (1, 1))  # as if written long ago
    append(path, points("x", [40], wall=4000.0))
    open_logdir(logs, index_dir=index).close()
    columns = [file for file in index_files(index) if file.suffix == ".bin"]
    assert 0 < len(columns) <= 17
    with open_logdir(logs, index_dir=index) as log:
        assert steps(log, "x") == list(range(41))


def test_pruning_by_age_and_by_size(tmp_path: Path) -> None:
    index = tmp_path / "index"
    for number, name in enumerate(("old", "big", "new")):
        write(tmp_path / name, many_points(tags=2, count=100 if name == "big" else 5))
        open_logdir(tmp_path / name, index_dir=index).close()
        when = time.time() - 1000 * (3 - number)
        for file in Index(index, str(tmp_path / name)).path.iterdir():
            os.utime(file, (when, when))
    prune(index, max_age_days=2500 / 86400)
    assert not Index(index, str(tmp_path / "old")).path.exists()
    prune(index, max_bytes=2000)
    assert not Index(index, str(tmp_path / "big")).path.exists()
    assert Index(index, str(tmp_path / "new")).path.exists()


def test_pruning_leaves_alone_what_is_no_index(tmp_path: Path) -> None:
    """The user may name any folder, also one that holds other things."""
    others = [tmp_path / "photos" / "a.jpg", tmp_path / ("0" * 24) / "thesis.tex", tmp_path / "file"]
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_text("precious")
        os.utime(path, (1, 1))
        os.utime(path.parent, (1, 1))
    prune(tmp_path, max_age_days=1, max_bytes=0)
    assert all(path.exists() for path in others)
