"""bin/proof NAME: one long proof, with the environment of a test cluster; it may start an application of its own."""

from config.launch.commands.bench import run


def main(arguments: list[str]) -> int:
    """Run proofs/NAME.py."""
    return run("proof", "proofs", arguments)
