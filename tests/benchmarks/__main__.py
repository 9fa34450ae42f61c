"""`python -m tests.benchmarks`: measure, or serve a generated swarm to try things on.

Each word loads only what it needs, since the memory of its process is what is measured.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def _measure(arguments: Sequence[str]) -> None:
    from tests.benchmarks.suite import measure, measuring_options  # noqa: PLC0415

    words = "Measure; or `serve --help`: serve a generated swarm to try things on."
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=words)
    measuring_options(parser)
    measure(parser.parse_args(arguments))


def _serve(arguments: Sequence[str]) -> None:
    from tests.benchmarks.server import serve  # noqa: PLC0415
    from tests.benchmarks.swarms import SIZES  # noqa: PLC0415

    words = "Serve a generated swarm over a unix socket."
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks serve", description=words)
    parser.add_argument("--size", choices=SIZES, default="large")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changing", type=float, metavar="SECONDS")
    parser.add_argument("--content-length", action="store_true", help="instead of one chunk")
    parser.add_argument("--control", action="store_true", help="obey lines of stdin")
    asked = parser.parse_args(arguments)
    serve(
        asked.size,
        asked.socket,
        seed=asked.seed,
        changing=asked.changing,
        content_length=asked.content_length,
        control=asked.control,
    )


def _read(arguments: Sequence[str]) -> None:
    from tests.benchmarks.ways import answer_reads  # noqa: PLC0415

    answer_reads(*arguments)


WORDS: Mapping[str, Callable[[Sequence[str]], None]] = {"serve": _serve, "read": _read}

if __name__ == "__main__":
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    if word in WORDS:
        WORDS[word](sys.argv[2:])
    else:
        _measure(sys.argv[1:])
