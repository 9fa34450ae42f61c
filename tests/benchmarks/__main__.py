"""`python -m tests.benchmarks`: measure, or serve a generated swarm to try things on."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.benchmarks.server import serve
from tests.benchmarks.suite import measure, measuring_options
from tests.benchmarks.swarms import SIZES
from tests.benchmarks.ways import WAYS, answer_reads


def main() -> None:
    """Run the word of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    measuring_options(parser)
    words = parser.add_subparsers(dest="word", metavar="WORD")
    serving = words.add_parser("serve", help="serve a generated swarm over a unix socket")
    serving.add_argument("--size", choices=SIZES, default="large")
    serving.add_argument("--socket", type=Path, required=True)
    serving.add_argument("--seed", type=int, default=1)
    serving.add_argument("--changing", type=float, metavar="SECONDS")
    serving.add_argument("--content-length", action="store_true", help="instead of one chunk")
    serving.add_argument("--control", action="store_true", help="obey lines of stdin")
    reading = words.add_parser("read", help="read an engine in one way, for each line of stdin")
    reading.add_argument("way", choices=WAYS)
    reading.add_argument("url")
    reading.add_argument("focus")
    asked = parser.parse_args()
    if asked.word == "serve":
        serve(
            asked.size,
            asked.socket,
            seed=asked.seed,
            changing=asked.changing,
            content_length=asked.content_length,
            control=asked.control,
        )
    elif asked.word == "read":
        answer_reads(asked.way, asked.url, asked.focus)
    else:
        measure(asked)


main()
