"""Regenerates `*_pb2.py` and `*_pb2.pyi` from the .proto files: `python logger/proto/generate.py [--check]`.

Needs grpcio-tools 1.49.1 (protoc 3.21). An old compiler on purpose: a runtime loads code of older compilers than itself
and not of newer ones, and this one's code loads under protobuf 3.20.3 up to the newest.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = "stepscope/logger/proto"  # part of the file name that registers in protobuf's pool: must be ours alone


def generate() -> dict[str, str]:
    """File name → text of every generated file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in" / PACKAGE
        target = Path(folder) / "out"
        source.mkdir(parents=True)
        target.mkdir()
        for file in HERE.glob("*.proto"):
            (source / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
        options = [f"-I{source.parents[2]}", f"--python_out={target}", f"--pyi_out={target}"]
        files = [f"{PACKAGE}/{file.name}" for file in sorted(source.iterdir())]
        subprocess.run([sys.executable, "-m", "grpc_tools.protoc", *options, *files], check=True)
        return {file.name: _adapted(file.read_text(encoding="utf-8")) for file in (target / PACKAGE).iterdir()}


def _adapted(text: str) -> str:
    """With relative imports, and with stubs that pass strict type checking."""
    text = text.replace(f"from {PACKAGE.replace('/', '.')} import", "from . import")
    return text.replace("_Mapping]", "_Mapping[str, object]]")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a generated file is out of date")
    check = parser.parse_args().check
    stale = []
    for name, text in sorted(generate().items()):
        file = HERE / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                file.write_text(text, encoding="utf-8")
    print("out of date:" if check else "written:", ", ".join(stale) or "nothing")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
