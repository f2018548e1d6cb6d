"""bin/screenshots: the pictures of the documents, from a demo of its own that begins afresh."""

import argparse
import shutil
from pathlib import Path

from config.launch.commands.demo import clear
from config.launch.errors import LaunchError
from config.launch.machine import ensure_libraries
from config.launch.places import ROOT
from config.launch.stack import Stack

PICTURES = ROOT / "docs" / "pictures"
POLICIES = 300  # taken over first, so that lists and figures have something to show


def main(arguments: list[str]) -> int:
    """Take every picture, or those named, into docs/pictures; 0 if all are there."""
    parser = argparse.ArgumentParser(
        prog="bin/screenshots",
        description="Starts a demo of its own with a portfolio and takes the pictures of README.md and docs/tour.md.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pictures, such as today or quotation")
    parser.add_argument("--keep", action="store_true", help="go on with the demo of the last time")
    asked = parser.parse_args(arguments)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise LaunchError("Expected chromium or google-chrome on PATH; found neither.")
    ensure_libraries()
    var = ROOT / "var" / "screenshots"
    if not asked.keep:
        clear(var)
    return take(Stack(var, demo=True, port=0, policies=POLICIES), Path(chromium), asked.names)


def take(stack: Stack, chromium: Path, names: list[str]) -> int:
    """With the demo running: the customers of the pictures first, then the pictures."""
    from config.launch.walk.tour import Tour

    try:
        stack.start()
        PICTURES.mkdir(exist_ok=True)
        for taken in Tour(stack, chromium).pictures(PICTURES, names):
            print(f"{taken.relative_to(ROOT)}  {taken.stat().st_size:,} bytes", flush=True)
    finally:
        stack.stop()
    return 0
