"""`python -m benchmarks [writer reader start page table groups …]`: measure and print the tables as Markdown."""

import argparse
import importlib
import sys
import time
from pathlib import Path

from .measure import machine

SUBJECTS = (
    "writer",
    "writer_kinds",
    "reader",
    "start",
    "page",
    "table",
    "table_page",
    "groups",
    "groups_page",
    "media",
    "histograms",
    "graph",
    "graph_capture",
    "graph_layout",
    "graph_canvas",
    "points",
    "neighbors",
    "umap",
    "tsne",
    "pca",
    "trace",
    "timeline",
    "analyses",
    "step_timer",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="subject", help=f"of {', '.join(SUBJECTS)}; all without any")
    parser.add_argument("--quick", action="store_true", help="fewer repeats and smaller data: figures are rough")
    parser.add_argument("-o", "--output", type=Path, help="write the Markdown here as well")
    args = parser.parse_args()
    if unknown := set(args.subjects) - set(SUBJECTS):
        parser.error(f"unknown subject {sorted(unknown)[0]!r}; there are {', '.join(SUBJECTS)}")
    parts = [f"## Benchmarks\n\n{machine()}{' (quick)' if args.quick else ''}"]
    print(parts[0], flush=True)
    for subject in args.subjects or SUBJECTS:
        start = time.perf_counter()
        for table in importlib.import_module(f".bench_{subject}", __package__).run(quick=args.quick):
            parts.append(table.to_markdown())
            print(f"\n{parts[-1]}", flush=True)
        print(f"[{subject}: {time.perf_counter() - start:.0f} s]", file=sys.stderr)
    if args.output:
        args.output.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
