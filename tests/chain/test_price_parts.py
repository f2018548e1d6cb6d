"""Every price that the language can say becomes an invoice to the cent, booked and printed in the reader's words."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from companies.models import Company
from correspondence.models import Message
from documents.models import Document
from ledger.models import Entry
from policies.equal import differing
from policies.models import Invoice, Policy, Section
from policies.services.invoicing import divided
from products.language import quote
from quotations.wording import codes_of
from tests import given
from tests.chain import scenes
from tests.policies import withdrawing

pytestmark = pytest.mark.django_db
PREMIUM = {"kind": "premium"}
CITY = {"kind": "tax", "base": "net", "rate": "2.5"}


def said(dutch: str, english: str) -> dict[str, str]:
    return {"nl": dutch, "en": english}


def section(key: str, dutch: str, tax: str = "insurance_tax", months: int = 12) -> dict[str, Any]:
    found = {"key": key, "names": said(dutch, key), "line_of_business": "trial"}
    return {**found, "tax": tax, "term_months": months}


def tax(key: str, rate: str = "21", part: str = "") -> dict[str, Any]:
    """A tax over a step, called `tax_…`, or over a part of it."""
    base = f"{key}{part}"
    component = {"kind": "tax", "base": base, "rate": rate}
    return {"key": f"tax_{key}", "formula": f"({base}) * {rate}%", "listed": False, "component": component}


INSURANCE_TAX = {"names": said("Assurantiebelasting", "Insurance tax"), "country": '"NL"', "due_on": "start_date"}
EXEMPT = said("Ongevallen zijn vrijgesteld", "Accidents are exempt")
TAXES = [
    {**INSURANCE_TAX, "key": "insurance_tax", "tax_class": "NL-insurance-tax"},
    {**INSURANCE_TAX, "key": "exempt", "tax_class": "NL-exempt", "exemption": EXEMPT},
]
SECTIONS = [
    section("cover", "Dekking"), section("free", "Hulp"), section("levy", "Heffing"),
    section("accident", "Ongevallen", "exempt"), section("fire", "Brand"),
]  # fmt: skip
COSTS = said("poliskosten", "policy costs")
STEPS: list[dict[str, Any]] = [
    {"key": "net", "section": "cover", "formula": "insured_sum * 1%", "component": PREMIUM},
    {"key": "out", "section": "cover", "formula": "-net * 10%", "component": PREMIUM, "listed": False},
    {"key": "extra", "section": "cover", "formula": "net * 0", "component": PREMIUM, "listed": False},
    {"key": "costs", "formula": "money(7.50)", "component": {"kind": "fee"}, "how": COSTS},
    {"key": "postage", "formula": "money(1)", "component": {"kind": "fee", "taxed": False}},
    {**tax("net", part=" + out + costs"), "section": "cover"},
    {**tax("extra"), "section": "cover"},
    {"key": "help", "section": "free", "formula": "net * 0", "component": PREMIUM},
    {**tax("help"), "section": "free"},
    {"key": "city", "section": "levy", "formula": "net * 2.5%", "listed": False, "component": CITY},
    {"key": "fall", "section": "accident", "formula": "money(19.20)", "component": PREMIUM},
    {**tax("fall", "0"), "section": "accident"},
    {"key": "fire_net", "section": "fire", "formula": "money(100)", "component": PREMIUM},
    {**tax("fire_net", "22", " * 60%"), "section": "fire"},
    {**tax("fire_net", "3"), "section": "fire", "key": "tax_fire_city"},
    {"key": "total", "total": True, "formula": 'round(sum_of("premium", "fee", "tax"), 1)'},
]  # fmt: skip


def sold(folder: Path, steps: list[dict[str, Any]], **changes: Any) -> Company:
    """A company with the trial's product at another price, and the case that it works out by itself."""
    changes = {"taxes": TAXES, "sections": SECTIONS, "rating": {"steps": steps, "rounding_limit": "0.50"}, **changes}
    bare = Path(scenes.definition(folder, **changes, cases=[])).read_text(encoding="utf-8")
    told = {"as_of": "2026-12-01", "answers": scenes.PLANS_ANSWERS}
    case = {"id": "P", "title": "P", **told, "expected": quote(bare, told)}
    return given.provider("duinhaven", scenes.definition(folder, **changes, cases=[case]))


def paper(policy: Policy, kind: str) -> str:
    """The words of a paper of the case; called inside the company."""
    return scenes.text_of(scenes.pdf(policy.case.documents.select_related("file").get(kind=kind))).replace("\xa0", " ")


def test_each_part_of_a_price_is_invoiced_booked_and_called_by_its_name(tmp_path):
    # given: a part taken out, nothing, fees in and outside the tax, taxes in lines, a tax alone, none, a rounded total
    company = sold(tmp_path, STEPS)
    # when
    policy = given.policy(company, answers=scenes.PLANS_ANSWERS)
    # then
    with given.inside(company):
        policy = Policy.objects.select_related("case").get(pk=policy.pk)
        invoice = Invoice.objects.get()
        lines = invoice.lines.order_by("position").values_list("kind", "net", "tax", "tax_class", "exemption")
        found = {kind: (str(net), str(due), kept, why) for kind, net, due, kept, why in lines}
        assert differing(policy) == []
        invoiced, policied, quoted = (paper(policy, kind) for kind in ("invoice", "policy", "quotation"))
        rates = dict(invoice.lines.values_list("kind", "tax_percent"))
    taxed = "NL-insurance-tax"
    assert found == {
        "net": ("1000.00", "211.76", taxed, ""), "out": ("-100.00", "-21.18", taxed, ""),
        "extra": ("0.00", "0.00", taxed, ""), "help": ("0.00", "0.00", taxed, ""), "city": ("0.00", "25.00", taxed, ""),
        "fall": ("19.20", "0.00", "exempt", EXEMPT["nl"]), "fire_net": ("100.00", "16.20", taxed, ""),
        "costs": ("7.50", "0.00", "exempt", ""), "postage": ("1.00", "0.00", "exempt", ""),
        "rounding": ("-0.48", "0.00", "exempt", ""),
    }  # fmt: skip
    assert (str(invoice.net), str(invoice.tax), str(invoice.total)) == ("1019.20", "231.78", "1259.00")
    assert (rates["net"], rates["fire_net"]) == (Decimal(21), Decimal("16.2"))
    assert "poliskosten € 7,50 Belast" in invoiced and "Kosten, vrijgesteld van assurantiebelasting € 1,00" in invoiced
    for words in (policied, quoted):
        assert "poliskosten belast € 7,50" in words and "Kosten onbelast € 1,00" in words
        assert EXEMPT["nl"] in words and "costs" not in words
    assert scenes.books_are_right(company)


def test_one_tax_at_one_rate_over_several_covers_is_one_line_on_paper(tmp_path):
    steps = [
        {"key": "net", "section": "cover", "formula": "insured_sum * 1%", "component": PREMIUM},
        {**tax("net"), "section": "cover"},
        {"key": "fire_net", "section": "fire", "formula": "money(100)", "component": PREMIUM},
        {**tax("fire_net"), "section": "fire"},
        {"key": "help", "section": "free", "formula": "money(10)", "component": PREMIUM},
        {**tax("help", "9"), "section": "free"},
        {"key": "total", "total": True, "formula": "net + tax_net + fire_net + tax_fire_net + help + tax_help"},
    ]  # fmt: skip
    company = sold(tmp_path, steps, sections=[SECTIONS[0], SECTIONS[1], SECTIONS[4]], taxes=TAXES[:1])
    policy = given.policy(company, answers=scenes.PLANS_ANSWERS)
    with given.inside(company):
        words = paper(Policy.objects.select_related("case").get(pk=policy.pk), "invoice")
    assert "Assurantiebelasting 21 % over € 1.100,00 € 231,00" in words
    assert "Assurantiebelasting 9 % over € 10,00 € 0,90" in words


def test_a_cover_for_nothing_is_ordered_with_nothing_to_book_or_pay(tmp_path):
    steps = [
        {"key": "net", "section": "cover", "formula": "insured_sum * 0", "component": PREMIUM},
        {**tax("net"), "section": "cover"},
        {"key": "total", "total": True, "formula": "net + tax_net"},
    ]  # fmt: skip
    company = sold(tmp_path, steps, sections=SECTIONS[:1], taxes=TAXES[:1])
    policy = given.policy(company, answers=scenes.PLANS_ANSWERS)
    with given.inside(company):
        policy = Policy.objects.select_related("case").get(pk=policy.pk)
        words = paper(policy, "invoice")
        assert not Entry.objects.exists() and differing(policy) == []
    assert "Totaal € 0,00" in words and "Zo betaalt u" not in words and "Nu over te maken" not in words
    withdrawing.withdrawn(company, policy)
    given.work(company)
    with given.inside(company):
        assert Policy.objects.get().state == "withdrawn" and Document.objects.filter(kind="withdrawal").exists()
    assert scenes.books_are_right(company)


def test_a_cent_in_twelve_instalments_is_paid_where_it_falls(tmp_path):
    steps: list[dict[str, Any]] = [
        {"key": "net", "section": "cover", "formula": "money(0.01)", "component": PREMIUM},
        {"key": "total", "total": True, "formula": 'sum_of("premium")'},
    ]  # fmt: skip
    company = sold(tmp_path, steps, sections=SECTIONS[:1], taxes=TAXES[:1])
    policy = given.policy(company, answers=scenes.PLANS_ANSWERS, plan="monthly")
    with given.inside(company):
        policy = Policy.objects.select_related("case").get(pk=policy.pk)
        assert "Nu over te maken: € 0,01" in paper(policy, "invoice")
    assert scenes.books_are_right(company)


def test_a_cover_of_a_month_that_ends_speaks_of_no_year(tmp_path):
    ends = {"kind": "ends", "term_months": 1, "text": said("Het eindigt vanzelf.", "It ends by itself.")}
    steps = [STEPS[0], {**tax("net"), "section": "cover"}, {"key": "total", "total": True, "formula": "net + tax_net"}]
    month = [section("cover", "Dekking", months=1)]
    once = {"first_due": "start_date", "plans": [
        {"key": "once", "names": said("In één keer", "At once"), "instalments": 1, "interval_months": 1}]}  # fmt: skip
    company = sold(tmp_path, steps, sections=month, taxes=TAXES[:1], renewal=ends, payment=once)
    given.adviser(company)
    policy = given.policy(company, answers=scenes.PLANS_ANSWERS, code="ilse-markus")
    with given.inside(company):
        policy = Policy.objects.select_related("case").get(pk=policy.pk)
        quoted, policied = paper(policy, "quotation"), paper(policy, "policy")
    for words in (quoted, policied):
        assert "Premie incl. belasting" in words
        assert "provisie voor Ilse Ilse-Markus." in words
        assert "per jaar" not in words and "Jaarpremie" not in words and "elk volgend jaar" not in words


def test_a_cover_of_three_months_ends_and_the_year_goes_on(tmp_path):
    steps = [*STEPS[:1], {**tax("net"), "section": "cover"},
             {"key": "help", "section": "free", "formula": "money(5)", "component": PREMIUM},
             {**tax("help"), "section": "free"},
             {"key": "total", "total": True, "formula": 'sum_of("premium", "tax")'}]  # fmt: skip
    sections = [SECTIONS[0], section("free", "Hulp", months=3)]
    company = sold(tmp_path, steps, sections=sections, taxes=TAXES[:1], starts_on="start_date")
    policy = given.policy(company, answers=scenes.PLANS_ANSWERS)
    with given.inside(company):
        policy = Policy.objects.select_related("case").get(pk=policy.pk)
        ends = {row.key: row.valid_until.isoformat() for row in Section.objects.all()}
        words = paper(policy, "policy")
        assert differing(policy) == []
    assert policy.renews_on.isoformat() == "2028-01-31" and ends == {"cover": "2028-01-31", "free": "2027-04-30"}
    assert words.count("Verzekerd tot 30 april 2027, 00:00 uur.") == 1


def test_a_product_with_a_long_name_is_mailed(tmp_path):
    company = sold(tmp_path, STEPS, names=said("Pleziervaartuigen " * 20, "Boats " * 40))
    quotation = given.quotation(company, answers=scenes.PLANS_ANSWERS)
    with given.inside(company):
        subject = Message.objects.get(case=quotation.case_id).subject
    assert subject.endswith("Pleziervaartuigen…") and len(subject) <= 200


@pytest.mark.parametrize(
    ("due", "parts", "shares"),
    [
        ("21.00", ["100.00"], ["21.00"]),
        ("0.00", ["0.00", "0.00"], ["0.00", "0.00"]),
        ("0.03", ["0.00", "0.00"], ["0.02", "0.01"]),
        ("18.90", ["100.00", "-10.00"], ["21.00", "-2.10"]),
    ],
)
def test_a_tax_is_divided_over_parts_of_any_sign(due, parts, shares):
    rows = [{"amount": part} for part in parts]
    assert [str(share) for share in divided(Decimal(due), rows)] == shares


def test_two_clauses_are_never_called_the_same():
    assert codes_of(["T01_LOCK", "T02_SAFE"]) == ["T01", "T02"]
    assert codes_of(["HO_0490", "HO_DEDUCTIBLE"]) == ["HO 0490", "HO DEDUCTIBLE"]
