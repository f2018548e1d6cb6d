"""Sample contents of each document: a horse trailer of 8,500, its plans and its information document."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from documents.rendering import contents as c

D = Decimal
DAYS = [date(2026, 12, 15), date(2027, 3, 15), date(2027, 6, 15), date(2027, 9, 15)]

ADDRESSEE = c.Addressee(
    lines=("Mevrouw S. Terhaven", "Kerkakkers 14", "8011 XK Zwolle"),
    name="Mevrouw S. Terhaven",
    called="mevrouw Terhaven",
)
ADVISER = c.Adviser(name="Ruiterbrug Assurantiën", number="00000000", phone="038 000 00 10")
COMMISSION = c.Commission(recipient="Ruiterbrug Assurantiën", first_year=D("17.53"), later_years=D("17.53"))
RISK = (
    c.Fact(label="Merk en type", value="Böckstaal Portax 2, tweepaards"),
    c.Fact(label="Cataloguswaarde met btw", value=D("8500.00")),
    c.Fact(label="Nieuw gekocht", value="Ja"),
    c.Fact(label="Waar gebruikt u de trailer?", value="Nederland; België; Duitsland tot 100 km van de grens"),
    c.Fact(label="Beveiliging tegen diefstal", value="Koppelingsslot"),
    c.Fact(label="Gewenste ingangsdatum", value=date(2026, 12, 15)),
)
COVER = (
    c.Cover(
        name="Aansprakelijkheid",
        scope="Schade aan anderen door de losse, niet gekoppelde trailer",
        insured_sum=D("500000.00"),
    ),
    c.Cover(
        name="Casco",
        scope="Brand, storm, diefstal, aanrijding, eigen gebrek, schade door uw eigen paard",
        insured_sum=D("8500.00"),
        excess=D("75.00"),
    ),
    c.Cover(
        name="Hulpverlening",
        scope="Berging, vervoer van trailer en paarden, vergoeding bij gemis",
        insured_sum="zie voorwaarden",
    ),
)
PREMIUM = c.Premium(
    steps=(
        c.Step(name="Premie naar waarde", how="€ 8.500 × 1,375 %, afgerond op centen", amount=D("116.88")),
        c.Step(name="Minimumpremie", how="ten minste € 35,00", amount=None),
    ),
    net=D("116.88"),
    taxes=(c.Tax(rate=D("0.21"), base=D("116.88"), amount=D("24.54")),),
    total=D("141.42"),
)
YEARLY = c.Plan(
    name="per jaar", instalments=(c.Instalment(due_on=DAYS[0], amount=D("141.42")),), total=D("141.42"), chosen=True
)
QUARTERLY = c.Plan(
    name="per kwartaal",
    instalments=tuple(
        c.Instalment(due_on=day, amount=amount)
        for day, amount in zip(DAYS, map(D, ("36.43", "36.42", "36.42", "36.42")), strict=True)
    ),
    total=D("145.69"),
    surcharge=D("4.27"),
)
CLAUSES = (
    c.Clause(
        code="T01",
        title="Nieuwwaarde",
        text="Bij totaal verlies binnen 60 maanden na de eerste aankoop vergoeden wij de nieuwwaarde.",
    ),
    c.Clause(
        code="T04",
        title="Jaarlijkse indexering",
        text="Het verzekerde bedrag volgt op elke premievervaldatum het prijsindexcijfer.",
    ),
    c.Clause(code="T05", title="Eigen risico", text="Van elke cascoschade betaalt u de eerste € 75 zelf."),
)
TERMS = ("Voorwaarden Paardentrailer 2026-10",)


def quotation(**changes: object) -> c.QuotationContent:
    values = {
        "number": "O-2026-001204",
        "issued_on": date(2026, 11, 18),
        "law": "NL",
        "product": "Paardentrailer",
        "edition": "Paardentrailer 2026-10",
        "subject": "Böckstaal Portax 2, tweepaards",
        "currency": "EUR",
        "addressee": ADDRESSEE,
        "customer_number": "204 118",
        "adviser": ADVISER,
        "application_number": "AV-2026-003318",
        "applied_on": date(2026, 11, 18),
        "starts_on": DAYS[0],
        "ends_on": date(2027, 12, 15),
        "valid_until": date(2026, 12, 18),
        "risk": RISK,
        "cover": COVER,
        "premium": PREMIUM,
        "plans": (YEARLY, QUARTERLY),
        "clauses": CLAUSES,
        "terms": TERMS,
        "commission": COMMISSION,
        "order_fact": "uw geboortedatum",
        "enclosures": (
            "Informatiedocument over het verzekeringsproduct, op uw keuze afgestemd",
            "Kopie van uw aanvraag AV-2026-003318, versie 2",
            "Voorwaarden Paardentrailer 2026-10",
        ),
        "released_by": "Getoetst en vrijgegeven door de robot, 18 november 2026, 14:28",
    }
    return c.QuotationContent(**{**values, **changes})  # type: ignore[arg-type]


def summary(**changes: object) -> c.SummaryContent:
    values = {
        "number": "O-2026-001204",
        "issued_on": date(2026, 11, 18),
        "product": "Paardentrailer",
        "edition": "Paardentrailer 2026-10",
        "currency": "EUR",
        "prepared_for": "mevrouw S. Terhaven",
        "starts_on": DAYS[0],
        "ends_on": date(2027, 12, 15),
        "cover": COVER,
        "decided": RISK,
        "premium": PREMIUM,
        "clauses": CLAUSES,
        "renewal": "De verzekering loopt telkens een jaar door.",
        "cancellation": "U zegt op met een maand opzegtermijn.",
        "withdrawal": "Binnen 14 dagen kunt u van de verzekering afzien.",
    }
    return c.SummaryContent(**{**values, **changes})  # type: ignore[arg-type]


def policy(**changes: object) -> c.PolicyContent:
    values = {
        "number": "P-2026-007731",
        "issued_on": date(2026, 11, 23),
        "law": "NL",
        "version": 1,
        "reason": "nieuwe verzekering",
        "product": "Paardentrailer",
        "edition": "Paardentrailer 2026-10",
        "currency": "EUR",
        "addressee": ADDRESSEE,
        "customer_number": "204 118",
        "adviser": ADVISER,
        "valid_from": DAYS[0],
        "term_until": date(2027, 12, 15),
        "parties": (
            c.Fact(label="Verzekeringnemer", value="Mevrouw S. Terhaven, Kerkakkers 14, 8011 XK Zwolle"),
            c.Fact(label="Uw adviseur", value="Ruiterbrug Assurantiën, AFM-nummer 00000000"),
        ),
        "risk": RISK,
        "cover": COVER,
        "premium": PREMIUM,
        "plan": YEARLY,
        "clauses": CLAUSES,
        "terms": TERMS,
        "quotation_number": "O-2026-001204",
        "applied_on": date(2026, 11, 18),
        "commission": COMMISSION,
        "place": "Zwolle",
    }
    return c.PolicyContent(**{**values, **changes})  # type: ignore[arg-type]


def invoice(**changes: object) -> c.InvoiceContent:
    """A year by quarters: the first by transfer, the others collected; with policy costs and an exempt part."""
    amounts = [D("41.80"), D("41.79"), D("41.79"), D("41.79")]
    values = {
        "number": "F-2026-010394",
        "issued_on": date(2026, 11, 23),
        "law": "NL",
        "policy_number": "P-2026-007731",
        "product": "Paardentrailer",
        "currency": "EUR",
        "addressee": ADDRESSEE,
        "customer_number": "204 118",
        "adviser": ADVISER,
        "period_from": DAYS[0],
        "period_until": date(2027, 12, 15),
        "lines": (
            c.InvoiceLine(name="Casco, aansprakelijkheid en hulpverlening", premium=D("116.88"), surcharge=D("3.51")),
            c.InvoiceLine(name="Ongevallen begeleiders", premium=D("15.00"), surcharge=D("0.45"), taxed=False),
        ),
        "charges": (c.Charge(name="Poliskosten", amount=D("5.00")),),
        "taxes": (c.Tax(rate=D("0.21"), base=D("125.39"), amount=D("26.33")),),
        "total": D("167.17"),
        "tax_due_on": DAYS[0],
        "schedule": tuple(
            c.InvoiceInstalment(due_on=day, amount=amount, collected=place > 0)
            for place, (day, amount) in enumerate(zip(DAYS, amounts, strict=True))
        ),
        "transfer": c.Transfer(
            payee="Duinbaken Verzekeringen N.V.",
            iban="NL91ABNA0417164300",
            amount=D("41.80"),
            reference="RF82 2026 1200 0077 4",
            due_on=DAYS[0],
        ),
        "debit": c.DirectDebit(
            iban="NL20INGB0001234567",
            holder="S. Terhaven",
            mandate="DB-P2026007731-01",
            signed_on=date(2026, 11, 21),
            creditor_id="NL22ZZZ000000000000",
        ),
        "first_premium": True,
    }
    return c.InvoiceContent(**{**values, **changes})  # type: ignore[arg-type]


def collected_invoice() -> c.InvoiceContent:
    """A year in one payment, collected by direct debit: no code that invites a second payment."""
    return invoice(
        lines=(c.InvoiceLine(name="Casco, aansprakelijkheid en hulpverlening", premium=D("116.88")),),
        charges=(),
        taxes=(c.Tax(rate=D("0.21"), base=D("116.88"), amount=D("24.54")),),
        total=D("141.42"),
        schedule=(c.InvoiceInstalment(due_on=DAYS[0], amount=D("141.42"), collected=True),),
        transfer=None,
    )


def application_copy(**changes: object) -> c.ApplicationCopyContent:
    by = "aanvrager"
    values = {
        "number": "AV-2026-003318",
        "issued_on": date(2026, 11, 18),
        "law": "NL",
        "version": 2,
        "product": "Paardentrailerverzekering",
        "edition": "Paardentrailer 2026-10",
        "applicant": "Mevrouw S. Terhaven, Zwolle",
        "filled_in_by": "Ruiterbrug Assurantiën (T. Ruiterbrug, AFM-nummer 00000000), samen met de aanvrager",
        "submitted_at": datetime(2026, 11, 18, 13, 27, tzinfo=UTC),
        "time_zone": "Europe/Amsterdam",
        "submitted_how": "door de aanvrager zelf bevestigd op haar persoonlijke pagina",
        "changes": ("Op 18 november 2026 is antwoord 3.2 gewijzigd (was: geen); versie 1 van 17 november is bewaard",),
        "groups": (
            c.QuestionGroup(
                title="1  Aanvrager",
                questions=(
                    c.Question(
                        number="1.1",
                        text="Naam en adres",
                        answer="S. Terhaven, Kerkakkers 14, 8011 XK Zwolle",
                        answered_by=by,
                    ),
                    c.Question(
                        number="1.2", text="Geboortedatum", answer="4 maart 1984", answered_by=by, kind="birth_date"
                    ),
                    c.Question(
                        number="1.3",
                        text="Van welke rekening wilt u betalen?",
                        answer="NL20INGB0001234567",
                        answered_by=by,
                        kind="iban",
                    ),
                ),
            ),
            c.QuestionGroup(
                title="2  Trailer",
                questions=(
                    c.Question(
                        number="2.1",
                        text="Wat is de cataloguswaarde?",
                        help="Met btw, zonder losse accessoires.",
                        answer="€ 8.500,00",
                        answered_by=by,
                    ),
                    c.Question(
                        number="2.2", text="Hoe oud is de trailer, in maanden?", answer="0", answered_by="adviseur"
                    ),
                    c.Question(
                        number="2.3",
                        text="Hebt u de trailer nieuw gekocht?",
                        why="de trailer is jonger dan 60 maanden.",
                        answer="Ja",
                        answered_by=by,
                    ),
                ),
            ),
            c.QuestionGroup(
                title="3  Gebruik en beveiliging",
                questions=(
                    c.Question(
                        number="3.1",
                        text="Waar gebruikt u de trailer?",
                        answer="Nederland; België; Duitsland tot 100 km van de grens",
                        answered_by=by,
                    ),
                    c.Question(
                        number="3.2", text="Welke beveiliging is aangebracht?", answer="Koppelingsslot", answered_by=by
                    ),
                    c.Question(number="3.3", text="Gewenste ingangsdatum", answer="15 december 2026", answered_by=by),
                ),
            ),
        ),
        "declaration": "‘Ik heb alle vragen naar waarheid beantwoord en weet dat de verzekeraar daarop vertrouwt.’",
        "confirmation": "Bevestigd door S. Terhaven op 18 november 2026, 14:27.",
        "decision": "Geaccepteerd met de clausules T01, T04 en T05: geen regel stond dat in de weg.",
        "followed": (
            c.Happening(
                at=datetime(2026, 11, 18, 13, 27, tzinfo=UTC),
                sentence="Aanvraag ontvangen en door de robot getoetst aan 3 acceptatieregels",
            ),
            c.Happening(
                at=datetime(2026, 11, 18, 13, 28, tzinfo=UTC), sentence="Offerte O-2026-001204 gemaakt en verzonden"
            ),
        ),
        "answers_sha256": "5f1c8a07e2d493b671ac0e5844f9d2135f1c8a07e2d493b671ac0e5844f9d213",
    }
    return c.ApplicationCopyContent(**{**values, **changes})  # type: ignore[arg-type]


def ipid(**changes: object) -> c.IpidContent:
    values = {
        "number": "O-2026-001204",
        "issued_on": date(2026, 11, 18),
        "kind": "Paardentrailerverzekering",
        "product": "Paardentrailer, uitgave 2026-10, casco met aansprakelijkheid en hulpverlening",
        "prepared_for": "mevrouw S. Terhaven",
        "type_of_insurance": (
            "Dit is een verzekering voor een paardentrailer. Zij betaalt als uw trailer beschadigd raakt, verloren "
            "gaat of wordt gestolen, en als u met de losse trailer schade aan anderen veroorzaakt."
        ),
        "insured": (
            c.IpidGroup(
                title="Casco: verzekerd bedrag € 8.500",
                items=(
                    "Brand, bliksem, ontploffing en storm",
                    "Diefstal en joyriding",
                    "Aanrijding, omslaan en te water raken",
                    "Eigen gebrek en fouten in constructie of materiaal",
                    "Schade door uw eigen paard",
                ),
            ),
            c.IpidGroup(
                title="Aansprakelijkheid: tot € 500.000",
                items=("Schade aan anderen door de losse, niet gekoppelde trailer",),
            ),
            c.IpidGroup(
                title="Hulpverlening",
                items=("Berging en vervoer van trailer en paarden", "Een vergoeding als u de trailer moet missen"),
            ),
        ),
        "optional": ("Ongevallen van begeleiders.",),
        "not_insured": (
            "Gebruik buiten het gebied",
            "Aansprakelijkheid zolang de trailer aan een auto is gekoppeld",
            "Verhuur en vervoer tegen betaling",
            "Schade die u met opzet veroorzaakt",
            "Oorlog en kernenergie",
        ),
        "restrictions": (
            "Van elke cascoschade betaalt u de eerste € 75 zelf",
            "Diefstal: alleen als een goedgekeurd slot was aangebracht",
            "Nieuwwaarde tot 60 maanden na de eerste aankoop",
        ),
        "where": ("In Nederland, België en Luxemburg", "In Duitsland tot 100 km van de grens"),
        "obligations": (
            c.IpidGroup(title="Bij de aanvraag", items=("Beantwoord al onze vragen naar waarheid en volledig.",)),
            c.IpidGroup(
                title="Tijdens de looptijd",
                items=("Betaal de premie op tijd.", "Meld ons meteen als u de trailer anders gaat gebruiken."),
            ),
            c.IpidGroup(
                title="Bij schade", items=("Meld ons de schade zo snel mogelijk, en diefstal ook bij de politie.",)
            ),
        ),
        "payment": ("U betaalt € 141,42 per jaar, met assurantiebelasting, op 15 december, per SEPA-incasso.",),
        "term": ("De dekking loopt van 15 december 2026, 00:00 uur, tot 15 december 2027, 00:00 uur.",),
        "cancellation": (
            "Na het eerste jaar elke dag, met een maand opzegtermijn.",
            "Per brief, per e-mail of op uw persoonlijke pagina.",
        ),
    }
    return c.IpidContent(**{**values, **changes})  # type: ignore[arg-type]


def decision(**changes: Any) -> c.DecisionContent:
    """The refusal of the robot; with `weighed` and `decided_by` that of a person."""
    values: dict[str, Any] = {
        "number": "A-2026-009127",
        "issued_on": date(2026, 11, 23),
        "law": "NL",
        "product": "Paardentrailer",
        "edition": "2026-10",
        "currency": "EUR",
        "addressee": ADDRESSEE,
        "applied_on": date(2026, 11, 20),
        "facts": (c.Fact(label="Wat is de cataloguswaarde?", value="€ 85.000,00"),),
        "rules": ("Trailers boven € 50.000 verzekeren wij niet.",),
        "codes": ("D01",),
        "ways": ("Klopt er iets niet, vraag dan opnieuw aan.",),
        "review_days": 10,
        "kept_until": date(2029, 12, 31),
    }
    return c.DecisionContent(**{**values, **changes})


def withdrawal(**changes: Any) -> c.WithdrawalContent:
    """The receipt of a withdrawal from a contract that counts as never made; paid in part before."""
    values: dict[str, Any] = {
        "number": "P-2026-007731",
        "issued_on": date(2026, 12, 20),
        "law": "NL",
        "product": "Paardentrailer",
        "currency": "EUR",
        "addressee": ADDRESSEE,
        "customer_number": "R-2026-000077",
        "adviser": ADVISER,
        "declared_by": "S. Terhaven",
        "received_at": datetime(2026, 12, 20, 13, 27, tzinfo=UTC),
        "time_zone": "Europe/Amsterdam",
        "receipt_to": "s.terhaven@example.nl",
        "starts_on": date(2026, 12, 15),
        "invoiced": D("141.42"),
        "credited": D("141.42"),
        "credit_note": "N-2026-000012",
        "to_pay_back": D("36.42"),
    }
    return c.WithdrawalContent(**{**values, **changes})


def kept_withdrawal(**changes: Any) -> c.WithdrawalContent:
    """The receipt of a withdrawal after cover began, of which the premium until then is kept."""
    kept: dict[str, Any] = {
        "law": "DE", "ended_on": date(2026, 12, 20), "kept": D("1.94"), "credited": D("139.48"),
        "kept_invoice": "F-2026-010396", "to_pay_back": D("0.00"), "still_to_pay": D("1.94"),
    }  # fmt: skip
    return withdrawal(**{**kept, **changes})


ALL = (quotation, ipid, summary, application_copy, policy, invoice, decision, withdrawal)


def all_documents(**changes: object) -> list[c.Paper]:
    return [make(**changes) for make in ALL]
