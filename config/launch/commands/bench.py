"""bin/bench NAME: one benchmark, with the environment of a test cluster."""

import sys
from pathlib import Path

from config.launch.child import foreground
from config.launch.cluster import Cluster
from config.launch.environment import test_environment
from config.launch.machine import ensure_libraries
from config.launch.places import ROOT


def main(arguments: list[str]) -> int:
    """Run benchmarks/NAME.py."""
    return run("bench", "benchmarks", arguments)


def run(command: str, package: str, arguments: list[str]) -> int:
    """Run a module of a folder by its name, or list the names there are."""
    names = module_names(ROOT / package)
    if not arguments or arguments[0] not in names:
        print(
            f"bin/{command} NAME [arguments]; the names in {package}/: {', '.join(names) or 'none'}.", file=sys.stderr
        )
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    ensure_libraries()
    with Cluster(ROOT / "var" / package, test=True) as cluster:
        env = test_environment(cluster)
        return foreground([sys.executable, "-m", f"{package}.{arguments[0]}", *arguments[1:]], env=env, cwd=ROOT)


def module_names(folder: Path) -> list[str]:
    """The modules of a folder that can be run by name."""
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
