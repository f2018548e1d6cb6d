from argparse import ArgumentParser
from typing import Any

from companies.management.base import ReportCommand, read_text
from products.language import quote


class Command(ReportCommand):
    help = 'Prices one set of answers, {"as_of": day, "answers": {...}}, by a product definition.'

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("definition", metavar="DEFINITION")
        parser.add_argument("answers", metavar="ANSWERS")

    def report(self, **options: Any) -> tuple[dict[str, Any], bool]:
        found = quote(read_text(options["definition"]), read_text(options["answers"]))
        return found, "errors" not in found
