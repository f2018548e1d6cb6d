from datetime import date
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.fields.json import KeyTransform

from companies.actor import Actor
from companies.doors import WHOLE
from products.language import Product as Compiled
from products.language import compile_definition
from products.models import Channel, PaperKind, Product, ProductChannel, ProductVersion, VersionPaper
from products.states import VersionState
from products.words import left_open, told
from relations.models import Appointment
from relations.selectors import holds_on

M = TypeVar("M", bound=Model)
OFFICE_ALONE = "insurer_commission_percent"  # of a product; the public doors' login can't read it


def products_shown() -> QuerySet[Product]:
    """The products of the company, without what it earns by them."""
    return Product.objects.defer(OFFICE_ALONE)


def with_product(rows: QuerySet[M], path: str = "product") -> QuerySet[M]:
    """Rows with their product, without what the company earns by it."""
    return rows.select_related(path).defer(f"{path}__{OFFICE_ALONE}")


def live_versions() -> QuerySet[ProductVersion]:
    """What is open for new business in the current company, by the product's name."""
    return with_product(ProductVersion.objects.filter(state=VersionState.LIVE)).order_by("product__slug")


def find_live_version(slug: str) -> ProductVersion | None:
    """The live version of a product by its slug."""
    return live_versions().filter(product__slug=slug).first()


def may_be_sold(version: ProductVersion, *, on: date) -> bool:
    """Whether new business may be done with a version on a day: it is live, or withdrawn from a later day only."""
    if version.state == VersionState.LIVE:
        return True
    return (
        version.state == VersionState.WITHDRAWN and version.withdrawn_from is not None and version.withdrawn_from > on
    )


def versions_visible_to(actor: Actor) -> QuerySet[ProductVersion]:
    """All versions in the office; through other doors the wall shows live ones and those of visible cases."""
    if actor.door in WHOLE:
        return ProductVersion.objects.select_related("product")
    return live_versions()


def rules_in_words(language: str) -> dict[str, str]:
    """What each acceptance rule says to an underwriter, by its key, with its values left open: by the newest version of
    each product that was live. A key that products share says what each of them says.
    """
    newest = ProductVersion.objects.filter(live_from__isnull=False).order_by("product", "-number").distinct("product")
    found: dict[str, dict[str, None]] = {}
    for rules in newest.values_list(KeyTransform("acceptance", "definition"), flat=True):
        for rule in rules or []:
            found.setdefault(rule["key"], {})[left_open(told(rule["underwriter"], language))] = None
    return {key: " / ".join(texts) for key, texts in found.items()}


def is_offered(product: Product, *, channel: Channel, appointment_id: int | None = None) -> bool:
    """Whether a product is switched on for a way of selling; a distributor's own switch wins over that of the way."""
    switches = {row.appointment_id: row.on for row in ProductChannel.objects.filter(product=product, channel=channel)}
    return switches.get(appointment_id, switches.get(None, True))


def offered_versions(*, channel: Channel, appointment_id: int | None = None) -> list[ProductVersion]:
    """The live versions that are switched on for a way of selling, in two queries, without their documents."""
    switches = {(row.product_id, row.appointment_id): row.on for row in ProductChannel.objects.filter(channel=channel)}
    return [
        version
        for version in live_versions().defer("definition", "evidence")
        if switches.get((version.product_id, appointment_id), switches.get((version.product_id, None), True))
    ]


def versions_sold_by(appointment: Appointment, *, on: date) -> list[ProductVersion]:
    """The live versions that an adviser may sell on a day: appointed for the line, and switched on for him (S2-37)."""
    if not holds_on(appointment, on):
        return []
    lines = set(appointment.lines_of_business)
    return [
        version
        for version in offered_versions(channel=Channel.ADVISER, appointment_id=appointment.pk)
        if not lines or version.product.line_of_business in lines
    ]


def insurers_offered() -> dict[int, str]:
    """The names of the insurers on whose paper live products are sold, by product; none where it's the company's own
    risk.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT product, name FROM sec.insurers_offered()")
        return dict(cursor.fetchall())


def compiled(version: ProductVersion) -> Compiled:
    """The version ready to evaluate; compiled once a process and document.

    A frozen document is known by its version and hash, so that it need not be read again; a draft is read each time.
    """
    if version.state in {VersionState.DRAFT, VersionState.SUBMITTED}:
        return compile_definition(version.definition)
    key = version.pk, version.sha256
    found = _frozen.get(key)
    if found is None:
        if len(_frozen) >= MOST_KEPT:
            _frozen.clear()
        found = _frozen[key] = compile_definition(version.definition)
    return found


MOST_KEPT = 128
_frozen: dict[tuple[int, str], Compiled] = {}


def papers_of(version: ProductVersion) -> list[VersionPaper]:
    """Terms and service documents of a version, terms first, by language."""
    rows = VersionPaper.objects.select_related("file").filter(version=version)
    return sorted(rows, key=lambda row: (PaperKind.values.index(row.kind), row.language))


def papers_for(version: ProductVersion, language: str) -> list[VersionPaper]:
    """Of each kind the paper in a language, else in English, else in whichever there is."""
    best: dict[str, VersionPaper] = {}
    for paper in sorted(papers_of(version), key=lambda row: (row.language != language, row.language != "en")):
        best.setdefault(paper.kind, paper)
    return sorted(best.values(), key=lambda row: PaperKind.values.index(row.kind))
