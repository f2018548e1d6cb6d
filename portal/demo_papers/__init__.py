"""Terms and service documents of the demo's products: short, in the product's languages, printed like our papers.

The texts stand beside this in a file a language: `# kind: title`, then `## heading` with a paragraph each.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.utils.html import format_html, format_html_join

from companies.actor import Actor
from companies.models import Company
from documents.intake.take import Taken
from documents.rendering.brands import brand_of
from documents.rendering.render import reprint
from products.models import PaperKind, ProductVersion
from products.services.papers import add_paper

HERE = Path(__file__).parent


def add_demo_papers(version: ProductVersion, *, company: Company, author: Actor, on: date) -> None:
    """Terms and a service document in each language of a draft."""
    for language in version.definition["languages"]:
        named = {"product": version.product.name(language), "company": company.name}
        for kind, title, parts in texts(language, named):
            taken = Taken(printed(language, title, parts, company), "application/pdf", f"{kind}.pdf")
            add_paper(version_id=version.pk, kind=kind, language=language, taken=taken, actor=author, on=on)


Parts = list[tuple[str, str]]


def texts(language: str, named: dict[str, str]) -> Iterator[tuple[PaperKind, str, Parts]]:
    """Kind, title and paragraphs of each paper in a language; nothing in one that isn't written."""
    path = HERE / f"{language}.md"
    written = path.read_text(encoding="utf-8").format(**named) if path.exists() else ""
    for paper in written.split("\n# "):
        head, *parts = paper.removeprefix("# ").split("\n## ")
        kind, _colon, title = head.partition(": ")
        if title:
            yield PaperKind(kind), title, [(part.partition("\n")[0], part.partition("\n")[2].strip()) for part in parts]


def printed(language: str, title: str, parts: Parts, company: Company) -> bytes:
    """A paper as PDF, in the company's colours."""
    look = brand_of(company)
    source = format_html(
        '<!DOCTYPE html><html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        "<style>:root {{ --brand: {}; --brand-ink: {}; --tint: {}; --line: {} }}</style></head>"
        '<body class="plain"><h1>{}</h1><p class="sub">{}</p>{}</body></html>',
        language, title, look.brand, look.brand_ink, look.tint, look.line, title, company.name,
        format_html_join("\n", "<h2>{}</h2><p>{}</p>", parts),
    )  # fmt: skip
    return reprint(str(source)).pdf
