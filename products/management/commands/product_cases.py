from argparse import ArgumentParser
from typing import Any

from companies.management.base import ReportCommand, read_text
from products.language import run_cases


class Command(ReportCommand):
    help = "Runs the worked cases of a definition, or those of another file, and says what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("definition", metavar="DEFINITION")
        parser.add_argument("cases", metavar="CASES", nargs="?")

    def report(self, **options: Any) -> tuple[dict[str, Any], bool]:
        found = run_cases(read_text(options["definition"]), read_text(options["cases"]) if options["cases"] else None)
        return found, found["failed"] == 0
