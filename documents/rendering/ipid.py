"""The wording that Regulation (EU) 2017/1469 prescribes, per language: title, statement, nine headings in their order.

These are data of the law and not translations of ours; they change only when the regulation does.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class IpidWords:
    """The fixed words of the information document in one official language, with the alt texts of its icons."""

    title: str
    statement: str
    company: str
    product: str
    type_of_insurance: str
    insured: str
    not_insured: str
    restrictions: str
    where: str
    obligations: str
    payment: str
    term: str
    cancellation: str
    optional: str
    prepared_for: str
    page: str
    page_of: str
    rehearsal: str
    umbrella: str
    cross: str
    exclamation: str
    globe: str
    handshake: str
    coins: str
    hourglass: str
    hand: str

    @property
    def headings(self) -> tuple[str, ...]:
        """The nine headings in the order of the annex."""
        return (self.type_of_insurance, self.insured, self.not_insured, self.restrictions, self.where, self.obligations,
                self.payment, self.term, self.cancellation)  # fmt: skip


WORDS = {
    "en": IpidWords(
        title="Insurance Product Information Document",
        statement="Complete pre-contractual and contractual information on the product is provided in other documents.",
        company="Company:",
        product="Product:",
        type_of_insurance="What is this type of insurance?",
        insured="What is insured?",
        not_insured="What is not insured?",
        restrictions="Are there any restrictions on cover?",
        where="Where am I covered?",
        obligations="What are my obligations?",
        payment="When and how do I pay?",
        term="When does the cover start and end?",
        cancellation="How do I cancel the contract?",
        optional="Optional, not part of your cover",
        prepared_for="Prepared for {name} · Quotation {number} · {day}",
        page="Page",
        page_of="of",
        rehearsal="Rehearsal: nothing in this document is insured, owed or binding.",
        umbrella="Umbrella",
        cross="Cross in a triangle",
        exclamation="Exclamation mark in a triangle",
        globe="Globe",
        handshake="Handshake",
        coins="Coins",
        hourglass="Hourglass",
        hand="Hand on a shield",
    ),
    "nl": IpidWords(
        title="Informatiedocument over het verzekeringsproduct",
        statement=(
            "Volledige precontractuele en contractuele informatie over het product "
            "wordt verstrekt in andere documenten."
        ),
        company="Maatschappij:",
        product="Product:",
        type_of_insurance="Welk soort verzekering is dit?",
        insured="Wat is verzekerd?",
        not_insured="Wat is niet verzekerd?",
        restrictions="Zijn er dekkingsbeperkingen?",
        where="Waar ben ik gedekt?",
        obligations="Wat zijn mijn verplichtingen?",
        payment="Wanneer en hoe betaal ik?",
        term="Wanneer begint en eindigt de dekking?",
        cancellation="Hoe zeg ik mijn contract op?",
        optional="Aanvullend, door u niet gekozen",
        prepared_for="Opgesteld voor {name} · Offerte {number} · {day}",
        page="Pagina",
        page_of="van",
        rehearsal="Proef: niets in dit document is verzekerd, verschuldigd of bindend.",
        umbrella="Paraplu",
        cross="Kruis in een driehoek",
        exclamation="Uitroepteken in een driehoek",
        globe="Wereldbol",
        handshake="Handdruk",
        coins="Munten",
        hourglass="Zandloper",
        hand="Hand op een schild",
    ),
    "de": IpidWords(
        title="Informationsblatt zu Versicherungsprodukten",
        statement=(
            "Vollständige vorvertragliche und vertragliche Informationen zu dem Produkt "
            "werden in anderen Dokumenten erteilt."
        ),
        company="Unternehmen:",
        product="Produkt:",
        type_of_insurance="Um welche Art von Versicherung handelt es sich?",
        insured="Was ist versichert?",
        not_insured="Was ist nicht versichert?",
        restrictions="Gibt es Deckungsbeschränkungen?",
        where="Wo bin ich versichert?",
        obligations="Welche Verpflichtungen habe ich?",
        payment="Wann und wie zahle ich?",
        term="Wann beginnt und endet die Deckung?",
        cancellation="Wie kann ich den Vertrag kündigen?",
        optional="Wahlbausteine, von Ihnen nicht gewählt",
        prepared_for="Erstellt für {name} · Angebot {number} · {day}",
        page="Seite",
        page_of="von",
        rehearsal="Probe: Nichts in diesem Dokument ist versichert, geschuldet oder verbindlich.",
        umbrella="Regenschirm",
        cross="Kreuz im Dreieck",
        exclamation="Ausrufezeichen im Dreieck",
        globe="Weltkugel",
        handshake="Händedruck",
        coins="Münzen",
        hourglass="Sanduhr",
        hand="Hand auf einem Schild",
    ),
}
