"""Run swarmtui as `python -m swarmtui`."""

import sys

from swarmtui.cli import main

if __name__ == "__main__":
    sys.exit(main())
