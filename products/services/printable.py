"""Whether what a product says can be printed for its customers, found before it is sold: an application that is
accepted and whose papers can't be printed helps nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from common.formats import language_name
from common.languages import KNOWN
from companies.models import Company
from documents.rendering.brands import brand_of
from documents.rendering.contents import IpidContent
from documents.rendering.errors import PaperTooLarge
from documents.rendering.render import render
from products.ipid import ipid_lines
from products.language import Product, compile_definition, evaluate, to_json

Rows = Sequence[Mapping[str, Any]]
SURE = {"left": 2_000, "right": 2_000, "whole": 7_500}  # what fits whatever it says; more is tried on paper
LINE = 60  # what a line takes beside its characters
COLUMNS = {"insured": "left", "not_insured": "right", "restrictions": "right"}


def check_printable(definition: Mapping[str, Any], company: Company, on: date) -> list[dict[str, Any]]:
    """What of a sound definition can't be printed: a first language that no paper is printed in, an
    information document that doesn't fit on its two pages with the answers of a worked case. Findings as `check` gives
    them.
    """
    product = compile_definition(dict(definition))
    if (usual := product.language()) not in KNOWN:  # what a customer reads whose own language it doesn't speak
        values = {"known": ", ".join(map(language_name, KNOWN)), "found": language_name(usual)}
        return [finding("languages", _("Papers are printed in %(known)s. Found: %(found)s.") % values)]
    lines = (definition.get("ipid") or {}).get("lines", [])
    printed = [language for language in definition["languages"] if language in KNOWN]
    if not (doubtful := [language for language in printed if doubted(sizes(lines, language))]):
        return []
    papers = papers_of(product)
    return [
        finding("ipid.lines", too_long(longest, language))
        for language in doubtful
        if (longest := longest_of(papers, language)) and not fits(product, papers[longest], language, company, on)
    ]


def finding(path: str, message: str) -> dict[str, Any]:
    return {"path": path, "message": message}


def too_long(case: str, language: str) -> str:
    """What the author reads."""
    sentence = _(
        "In %(language)s the information document of case %(case)s is too long: what is insured, not insured and "
        "restricted has to fit on its first page, all of it on two."
    )
    return sentence % {"language": language_name(language), "case": case}


def papers_of(product: Product) -> dict[str, Rows]:
    """The lines of the information document of each worked case that is offered something."""
    found: dict[str, Rows] = {}
    for place, case in enumerate(product.definition.cases):
        if "errors" in case["expected"]:
            continue
        plan, held = case.get("plan"), case.get("contracts") or ()
        evaluation = evaluate(product, date.fromisoformat(case["as_of"]), case["answers"], plan, held)
        if evaluation.premium is not None:
            found[str(case.get("id", place))] = to_json(evaluation)["ipid"]
    return found


def sizes(rows: Rows, language: str) -> dict[str, int]:
    """How much stands in each column and on the whole paper; a group has a heading."""
    found, groups = dict.fromkeys(SURE, 0), set()
    for row in rows:
        group = (row.get("group") or {}).get(language, "")
        size = len(row["text"][language]) + LINE + (len(group) + LINE if group and group not in groups else 0)
        groups.add(group)
        for place in {"whole", COLUMNS.get(row["heading"], "whole")}:
            found[place] += size
    return found


def doubted(found: Mapping[str, int]) -> bool:
    """Whether it isn't sure that so much fits."""
    return any(found[name] > most for name, most in SURE.items())


def longest_of(papers: Mapping[str, Rows], language: str) -> str:
    """The case with the longest paper, of those of which it isn't sure that they fit; else none."""
    found = {case: sizes(rows, language) for case, rows in papers.items()}
    doubtful = {case: told for case, told in found.items() if doubted(told)}
    return max(doubtful, key=lambda case: max(doubtful[case][name] / most for name, most in SURE.items()), default="")


def fits(product: Product, rows: Rows, language: str, company: Company, on: date) -> bool:
    """Whether the paper can be printed."""
    ipid = product.definition.ipid
    content = IpidContent(
        number="O-0000-000000", issued_on=on, kind=ipid.type_name[language] if ipid else "",
        product=ipid.product_name[language] if ipid else "", prepared_for=company.name, **ipid_lines(rows, language),
    )  # fmt: skip
    try:
        render("ipid", content, language=language, brand=brand_of(company))
    except PaperTooLarge:
        return False
    return True
