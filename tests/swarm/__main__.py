"""A real swarm to try things on by hand: `python -m tests.swarm` makes one until Ctrl-c."""

from __future__ import annotations

import signal
from contextlib import suppress

from tests.swarm.lab import Lab
from tests.swarm.scenario import build

# However it is ended, the lab is cleared away.
for sign in (signal.SIGINT, signal.SIGTERM):
    signal.signal(sign, signal.default_int_handler)
with suppress(KeyboardInterrupt), Lab() as lab:
    build(lab)
    for number in range(1, lab.nodes + 1):
        print(f"node{number}: swarmtui --host {lab.url(number)}", flush=True)  # noqa: T201
    signal.pause()
