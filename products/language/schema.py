"""The document that is a product (DESIGN section 5): its parts, their fields and types, published as JSON Schema.

Amounts, rates and limits are text in the document ("1.375"), days are ISO dates, percentages are whole percents ("21").
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from products.language.fields import (
    Amount,
    Country,
    Currency,
    Day,
    Days,
    Formula,
    Key,
    Language,
    LineKey,
    Months,
    Part,
    PlanKey,
    Rate,
    Scalar,
    SectionKey,
    Slug,
    TaxClass,
    Texts,
    ValueKey,
)

FieldType = Literal[
    "money", "decimal", "integer", "date", "year", "code", "text", "one_of", "several_of", "yes_no",
]  # fmt: skip
QuestionType = Literal[FieldType, "list", "file"]
ValueType = Literal["number", "money", "date", "text", "code", "boolean"]
HEADINGS = (
    "type_of_insurance",
    "insured",
    "not_insured",
    "restrictions",
    "where",
    "obligations",
    "payment",
    "start_and_end",
    "cancellation",
)
Heading = Literal[
    "type_of_insurance", "insured", "not_insured", "restrictions", "where", "obligations", "payment", "start_and_end",
    "cancellation",
]  # fmt: skip


class Edition(Part):
    """A tariff edition and the days on which it holds (half open)."""

    key: Key
    valid_from: Day
    valid_until: Day | None = None
    source: str = ""


class PartyField(Part):
    """A fact about a party that is asked; `of` limits it to persons or to organisations."""

    field: Literal[
        "name",
        "given_names",
        "birth_date",
        "registration_number",
        "address",
        "email",
        "phone",
        "iban",
        "account_holder",
    ]
    required: bool = True
    of: Literal["person", "organisation", "both"] = "both"


class PartyRole(Part):
    """A role somebody plays: policyholder, payer, insured; `same_as` the role it is by default."""

    role: Literal["policyholder", "payer", "insured"]
    names: Texts
    kinds: list[Literal["person", "organisation"]] = Field(default=["person"], min_length=1)
    required: bool = True
    same_as: Literal["policyholder", "payer"] | None = None
    fields: list[PartyField] = Field(default=[], max_length=20)


class Choice(Part):
    """One choice of a question."""

    key: Key
    label: Texts


class Asking(Part):
    """What a question and a field of a record have in common."""

    key: ValueKey
    label: Texts
    why: Texts | None = None
    help: Texts | None = None
    when: Formula | None = None
    optional: bool = False
    choices: list[Choice] = Field(default=[], max_length=500)
    least: str | int | None = None
    most: str | int | None = None
    decimals: int | None = Field(default=None, ge=0, le=10)
    length: int | None = Field(default=None, ge=1, le=2000)
    characters: Literal["digits", "letters", "letters_and_digits", "any"] = "any"
    unit: Texts | None = None
    media: list[Literal["pdf", "image"]] = Field(default=[], max_length=2)


class RecordField(Asking):
    """A question that is asked in each record of a list; its `when` may use the fields before it in the record."""

    type: FieldType


class Question(Asking):
    """A question to the customer, one the system answers (`set_by_system` with the formula in `system_value`), or one
    that who accepts sets (`set_by`), whose `default` stands until then.

    One of type `list` asks its `fields` for each record, of which there are `least` to `most`; `record_name` is what
    one record is called.
    """

    type: QuestionType
    set_by_system: bool = False
    system_value: Formula | None = None
    set_by: Literal["acceptor"] | None = None
    default: Scalar | list[str] | None = None
    recorded: bool = False
    fields: list[RecordField] = Field(default=[], max_length=40)
    record_name: Texts | None = None

    @property
    def to_applicant(self) -> bool:
        """Whether whoever applies answers it."""
        return not self.set_by_system and self.set_by is None


class Check(Part):
    """Answers that contradict each other: where `when` holds, `text` is the problem at the question or field `at`."""

    key: Key
    when: Formula
    at: ValueKey
    text: Texts


class Computed(Part):
    """A value that follows from answers: age at the start, sum insured, region."""

    key: ValueKey
    formula: Formula
    type: ValueType | None = None
    when: Formula | None = None
    label: Texts | None = None


class TableKey(Part):
    """A key of a decision table: how its cells match, and the values it must serve (`least` to `most`)."""

    name: Key
    type: Literal["number", "integer", "money", "date", "code", "text", "boolean", "choice"]
    match: Literal["exact", "range", "set", "date"] = "exact"
    choices_of: str | None = None
    least: str | int | None = None
    most: str | int | None = None


class TableResult(Part):
    """A result column of a decision table."""

    name: Key
    type: ValueType


class Range(Part):
    """A range cell: `from` and `until` half open, `above` and `to` for bands "over 80 up to and including 220"."""

    from_: str | int | None = Field(default=None, alias="from")
    above: str | int | None = None
    until: str | int | None = None
    to: str | int | None = None


class Row(Part):
    """A row: one cell per key (null is any), one value per result."""

    when: list[Range | list[Scalar] | Scalar | None] = Field(min_length=1, max_length=6)
    then: list[Scalar] = Field(min_length=1, max_length=20)


class DecisionTable(Part):
    """A typed decision table; `hit` is first, unique or collect (`collect`: what is made of the rows that match)."""

    key: ValueKey
    keys: list[TableKey] = Field(min_length=1, max_length=6)
    results: list[TableResult] = Field(min_length=1, max_length=20)
    hit: Literal["first", "unique", "collect"] = "unique"
    collect: Literal["sum", "min", "max", "count"] | None = None
    rows: list[Row] = Field(min_length=1, max_length=5000)
    default: list[Scalar] | None = None
    source: str = ""


class AcceptanceRule(Part):
    """A rule of acceptance: where `when` holds it has this outcome, told to each reader in their words."""

    key: Key
    when: Formula
    outcome: Literal["accept", "special", "refer", "decline"]
    customer: Texts
    underwriter: Texts
    detail: Texts | None = None
    term: str | None = None
    authority: Key | None = None
    source: str = ""


class Term(Part):
    """A term or clause that goes on the policy where its condition holds; `forced` ones only by an acceptance rule."""

    key: Key
    when: Formula | None = None
    names: Texts
    text: Texts
    forced: bool = False


class Tax(Part):
    """An insurance tax: class, country of risk, and the day that decides its rate (the premium's due date)."""

    key: Key
    names: Texts
    tax_class: TaxClass
    country: Formula
    due_on: Formula
    exemption: Texts | None = None


class Section(Part):
    """A cover unit with its own term and tax; its rating steps are worked out where it is taken (`when`)."""

    key: SectionKey
    names: Texts
    line_of_business: LineKey
    tax: str | None = None
    term_months: Months = 12
    when: Formula | None = None
    insured_sum: Formula | None = None


class Rounding(Part):
    """A rounding: to a multiple, on the magnitude."""

    to: Rate
    mode: Literal["half_up", "half_even", "up", "down"] = "half_up"


class Component(Part):
    """The step's amount is a part of the price; a tax names its base and its rate in percent."""

    kind: Literal["premium", "fee", "tax", "rounding"]
    base: Formula | None = None
    rate: Formula | None = None
    taxed: bool = True


class Step(Part):
    """A rating step. Without `when` it always counts; with it, `otherwise` is its value where it doesn't apply.

    A step is listed where its condition holds. Amounts are rounded to the cent unless `rounding` says otherwise.
    """

    key: ValueKey
    formula: Formula
    when: Formula | None = None
    otherwise: Formula | None = None
    rounding: Rounding | Literal["none"] | None = None
    section: str | None = None
    component: Component | None = None
    total: bool = False
    listed: bool = True
    how: Texts | None = None


class NotRated(Part):
    """A reason for which no premium can be worked out."""

    key: Key
    when: Formula
    text: Texts


class Rating(Part):
    """The steps from answers to the total, in order; `rounding_limit` bounds the final rounding difference."""

    steps: list[Step] = Field(min_length=1, max_length=500)
    not_rated: list[NotRated] = Field(default=[], max_length=50)
    rounding_limit: Amount = Field(default="0.00", validate_default=True)


class Refusal(Part):
    """A reason to refuse a payment plan; `instalment` and `premium_total` may be used in its condition."""

    key: Key
    when: Formula
    text: Texts


class Plan(Part):
    """A payment plan: how many instalments, how far apart, how divided, and what it costs; only where `when` holds."""

    key: PlanKey
    names: Texts
    when: Formula | None = None
    instalments: int = Field(ge=1, le=120)
    interval_months: int = Field(ge=1, le=120)
    division: Literal["cumulative", "last_takes_rest", "balance_anew", "deposit"] = "cumulative"
    deposit: Formula | None = None
    surcharge_percent: Rate = Field(default="0", validate_default=True)
    fee_per_payment: Amount = Field(default="0.00", validate_default=True)
    minimum_instalment: Amount | None = None
    minimum_last: Amount | None = None
    refusals: list[Refusal] = Field(default=[], max_length=20)
    offered_instead: str | None = None


class Payment(Part):
    """The plans; the first that exists is taken where none is chosen. `question` is the answer that chooses."""

    first_due: Formula
    question: str | None = None
    methods: list[Literal["direct_debit", "transfer"]] = Field(default=["direct_debit", "transfer"], min_length=1)
    plans: list[Plan] = Field(min_length=1, max_length=24)


class Commission(Part):
    """What a distributor earns: a percentage of the net premium."""

    receiver: Literal["adviser", "agent", "pool"]
    percent: Rate
    of: Literal["premium_net"] = "premium_net"


class Quotation(Part):
    """How long a quotation holds."""

    validity_days: int = Field(ge=1, le=365)


class Renewal(Part):
    """What happens at the end of the term."""

    kind: Literal["tacit", "by_offer", "ends"]
    term_months: Months
    notice_days: Days = 0
    text: Texts


class Cancellation(Part):
    """How the contract is ended, by each side."""

    first_term_until_end: bool = True
    by_customer_days: Days
    by_insurer_days: Days
    text: Texts


class Withdrawal(Part):
    """The days in which a customer may withdraw from a contract made at a distance.

    `keeps` is what stays of the premium where cover began before; without it the law of the country says.
    """

    days: Days
    text: Texts
    keeps: Literal["nothing", "time_of_cover"] | None = None


class IpidLine(Part):
    """A line of the information document; an `optional_cover` has no mark (Regulation 2017/1469 article 4(2))."""

    key: Key
    heading: Heading
    text: Texts
    when: Formula | None = None
    group: Texts | None = None
    optional_cover: bool = False


class Ipid(Part):
    """The information document's lines per heading, in order (Directive 2016/97 article 20)."""

    type_name: Texts
    product_name: Texts
    lines: list[IpidLine] = Field(min_length=1, max_length=300)


class Document(Part):
    """A document that is made for this product, in the ways the house has."""

    kind: Literal["quotation", "ipid", "application_copy", "policy", "invoice", "terms", "service", "summary"]
    names: Texts
    when: Formula | None = None


class Definition(Part):
    """A product as one document."""

    format: Literal["product/1"]
    key: Slug
    names: Texts
    description: Texts | None = None
    languages: list[Language] = Field(min_length=1, max_length=12)
    country: Country
    currency: Currency
    line_of_business: LineKey
    editions: list[Edition] = Field(min_length=1, max_length=100)
    edition_by: Formula = "as_of"
    starts_on: Formula = "as_of"
    parties: list[PartyRole] = Field(min_length=1, max_length=6)
    questions: list[Question] = Field(default=[], max_length=500)
    checks: list[Check] = Field(default=[], max_length=200)
    computed: list[Computed] = Field(default=[], max_length=500)
    tables: list[DecisionTable] = Field(default=[], max_length=200)
    acceptance: list[AcceptanceRule] = Field(default=[], max_length=500)
    terms: list[Term] = Field(default=[], max_length=500)
    taxes: list[Tax] = Field(default=[], max_length=50)
    sections: list[Section] = Field(min_length=1, max_length=50)
    rating: Rating
    payment: Payment
    commission: list[Commission] = Field(default=[], max_length=10)
    quotation: Quotation
    renewal: Renewal
    cancellation: Cancellation
    withdrawal: Withdrawal
    ipid: Ipid | None = None
    documents: list[Document] = Field(default=[], max_length=30)
    cases: list[dict[str, Any]] = Field(default=[], max_length=2000)


def json_schema() -> dict[str, Any]:
    """The schema of a product document as JSON Schema (draft 2020-12), for editors and importers."""
    return Definition.model_json_schema(by_alias=True)
