"""One opening of a logdir in a process of its own; prints seconds and bytes as JSON.

python -m benchmarks.reader_process open LOGDIR [INDEX]        # without INDEX: no index is used
python -m benchmarks.reader_process write-index LOGDIR INDEX
python -m benchmarks.reader_process statistics LOGDIR INDEX    # opens, and works out the statistics of every scalar
"""

import gc
import json
import sys
import tempfile
import time

START = time.perf_counter()

from stepscope.logger import SummaryWriter, open_logdir  # noqa: E402 – the imports are part of what is timed


def main(command: str, logdir: str, index: str | None = None) -> None:
    if command != "open-cold":
        _warm_up()
    gc.collect()
    before = _resident_bytes()
    start = START if command == "open-cold" else time.perf_counter()
    with open_logdir(logdir, index_dir=index or False) as log:
        points = log.status().scalar_points
        if command == "statistics":
            tags = {tag for run in log.runs for tag in log.tags(run)["scalars"]}
            log.table([f"`{tag}`.mean" for tag in sorted(tags)])
        seconds = time.perf_counter() - start
        gc.collect()
        grown = _resident_bytes() - before
        if command == "write-index":
            log.save_index()
    print(json.dumps({"seconds": seconds, "bytes": grown, "points": points}))


def _warm_up() -> None:
    """Load the compiled kernels and the modules the first opening needs."""
    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder) as writer:
            writer.add_scalar("warm", 0.0, 0)
        open_logdir(folder, index_dir=False).close()


def _resident_bytes() -> int:
    """The process's resident memory; Linux tells it, elsewhere the peak must do."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(*sys.argv[1:])
