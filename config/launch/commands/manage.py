"""bin/manage COMMAND: any management command, against the embedded servers or the configured ones."""

import os
import sys

from config.launch.child import django, foreground
from config.launch.environment import configured, environment, with_addresses
from config.launch.places import ROOT
from config.launch.stack import Stack, configured_addresses

NO_DATABASE = {
    "check", "compilemessages", "diffsettings", "findstatic", "collectstatic", "help", "makemessages", "makemigrations",
    "product_cases", "product_check", "product_quote", "version", "--help", "-h", "--version",
}  # fmt: skip
OWNER = {"migrate", "showmigrations", "sqlmigrate"}


def main(arguments: list[str]) -> int:
    """Run the command; the servers are started for it, or shared with a running bin/demo, unless it needs none."""
    if configured():
        os.execv(sys.executable, django(*arguments))  # noqa: S606 (no shell is meant)
    if not needs_database(arguments):
        quiet = {"PYTHONWARNINGS": "ignore::RuntimeWarning"} if arguments[:1] == ["makemigrations"] else {}
        return foreground(django(*arguments), env=os.environ | {"POLISDESK_PROCESS": "manage"} | quiet)
    stack = Stack(ROOT / "var" / "demo", demo=True)
    with stack.cluster as cluster:
        role = "bo_owner" if arguments[0] in OWNER else None
        stack.addresses = configured_addresses(cluster.places.root)
        if not role:
            stack.migrate()
        env = with_addresses(environment(cluster, "manage", role=role), stack.addresses)
        env |= {"POLISDESK_DEMO": "1", "POLISDESK_MAILBOX": str(cluster.places.mailbox)}
        env["PATH"] = f"{cluster.postgres.binaries}{os.pathsep}{env['PATH']}"
        try:
            return foreground(django(*arguments), env=env)
        finally:
            cluster.places.account.own_tree(cluster.places.files)


def needs_database(arguments: list[str]) -> bool:
    """Whether a command line asks for a database: not for help, product definitions or reading a bank file alone."""
    if not arguments or arguments[0] in NO_DATABASE or {"--help", "-h"} & set(arguments):
        return False
    return not (arguments[0] == "import_statement" and "--dry-run" in arguments)
