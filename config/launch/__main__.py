"""The commands of bin/: python -m config.launch COMMAND."""

import importlib
import sys

from config.launch.errors import LaunchError

COMMANDS = ("demo", "test", "manage", "check", "bench", "proof", "screenshots")


def main() -> int:
    """Run one command and give its exit code: 0 done, 1 findings or failure, 2 wrong use."""
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        print(f"Expected one of {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    # nosemgrep: code-from-data (one of COMMANDS, checked above)
    command = importlib.import_module(f"config.launch.commands.{sys.argv[1]}")
    try:
        return int(command.main(sys.argv[2:]))
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"{error}. What another user has set up can't be used; remove var/ as that user.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
