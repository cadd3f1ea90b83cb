"""One opening of a trace in a process of its own; prints seconds, processor seconds and peak bytes as JSON.

python -m benchmarks.trace_process read TRACE INDEX       # from the file, unless the index has it
python -m benchmarks.trace_process overview TRACE INDEX   # and the whole overview
HTA_PYTHON benchmarks/trace_process.py rival TRACE        # HolisticTraceAnalysis: load, then its breakdown of time
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable


def main(command: str, trace: str, index: str = "") -> None:
    work = {"read": _reading, "overview": _overview, "rival": _rival}[command](trace, index)
    start, processor = time.perf_counter(), time.process_time()
    work()
    figures = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - processor}
    print("\n" + json.dumps(figures | {"peak": _peak()}))


def _peak() -> int:
    """Bytes. `getrusage` counts what the process was forked from, too: Linux tells of this program alone."""
    try:
        with open("/proc/self/status") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _reading(path: str, index: str) -> Callable[[], object]:
    from stepscope.profiler.profile import open_profile
    from stepscope.profiler.reading.compiled import kernels

    kernels()
    return lambda: open_profile(path, index_dir=index).trace()


def _overview(path: str, index: str) -> Callable[[], object]:
    from stepscope.profiler.analysis.overview import overview
    from stepscope.profiler.analysis.study import Study
    from stepscope.profiler.profile import open_profile
    from stepscope.profiler.reading.compiled import kernels

    kernels()
    return lambda: overview(Study(open_profile(path, index_dir=index).trace()))


def _rival(path: str, _: str) -> Callable[[], object]:
    from hta.trace_analysis import TraceAnalysis

    folder = os.path.dirname(path)
    return lambda: TraceAnalysis(trace_files={0: path}, trace_dir=folder).get_temporal_breakdown(visualize=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
