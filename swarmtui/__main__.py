"""Run swarmtui, from `python -m swarmtui` and from its script."""

import sys

from swarmtui import __version__


def main() -> int:
    """Run the command line and return its exit status; tell the version with nothing loaded."""
    if sys.argv[1:] == ["--version"]:
        print(f"swarmtui {__version__}")
        return 0
    from swarmtui.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
