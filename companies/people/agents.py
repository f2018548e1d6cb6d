"""The browser a session came from, as a person calls it."""

import re

# In this order: each names itself and those it descends from.
BROWSERS = (
    ("Edge", r"Edg"),
    ("Opera", r"OPR/"),
    ("Firefox", r"Firefox/"),
    ("Chrome", r"Chrom(e|ium)/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


def browser_of(agent: str) -> str:
    """“Firefox, Windows”; of a browser we don't know, the first 40 characters that it says of itself."""
    found = [next((name for name, mark in marks if re.search(mark, agent)), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or agent[:40]
