"""System libraries that the PDFs need; the only thing that no Python package brings along."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys

from config.launch.errors import LaunchError

NEEDED = {
    "gobject": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    "pango": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "pangoft2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "harfbuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    "harfbuzz-subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
    "fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib"),
}
OPTIONAL = {"harfbuzz-subset"}  # without it the fonts in a PDF are cut down by Python, slower
DEBIAN = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz0b",
    "libharfbuzz-subset0",
    "libfontconfig1",
    "libglib2.0-0",
)
FOLDERS = ("", "/opt/homebrew/lib/", "/usr/local/lib/")


def missing_libraries() -> list[str]:
    """The libraries that can't be loaded here, by name."""
    return [
        name for name, files in NEEDED.items() if not any(_loads(folder + file) for file in files for folder in FOLDERS)
    ]


def ensure_libraries() -> None:
    """Install what is missing as root on Debian and its kin; elsewhere name the command that does it."""
    missing = missing_libraries()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing the system libraries of the PDFs: {', '.join(missing)}.", file=sys.stderr)
        _apt_install(DEBIAN)
        missing = missing_libraries()
    if set(missing) - OPTIONAL:
        raise LaunchError(
            f"The system libraries of the PDFs are missing: {', '.join(missing)}. Install them by: {_command()}"
        )


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _apt_install(packages: tuple[str, ...]) -> None:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    for command in (install, ["apt-get", "update", "-q"], install):
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if command == install and done.returncode == 0:
            return
    print(done.stdout + done.stderr, file=sys.stderr)


def _command() -> str:
    if platform.system() == "Darwin":
        return "brew install pango"
    if shutil.which("apt-get"):
        return f"sudo apt-get install {' '.join(DEBIAN)}"
    if shutil.which("dnf"):
        return "sudo dnf install pango harfbuzz fontconfig glib2"
    if shutil.which("apk"):
        return "apk add pango harfbuzz harfbuzz-subset fontconfig glib"
    return "your system's package manager, packages pango, harfbuzz, fontconfig, glib"
