from argparse import ArgumentParser
from typing import Any

from companies.management.base import ReportCommand, read_text
from products.language import check


class Command(ReportCommand):
    help = "Checks a product definition; each error with its path."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("definition", metavar="DEFINITION")

    def report(self, **options: Any) -> tuple[dict[str, Any], bool]:
        found = check(read_text(options["definition"]))
        return found, bool(found["ok"])
