"""Who lives in the demo: a Dutch, a German and a US insurer, a Dutch authorised agent, a German pool with a broker
company below, and a broker company with two advisers; their people, their customers, and what each of them sells.
"""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from companies.models import CompanyKind

PASSWORD = "demo-polisdesk"
SECRET = "DEMOPOLISDESKDEMOPOLISDESKDEMOPO"  # of the authenticator of each administrator; a demo's alone
K = CompanyKind
COMPANIES: list[dict[str, Any]] = [
    {
        "slug": "duinbaken",
        "name": "Duinbaken Verzekeringen N.V.",
        "kind": K.PROVIDER,
        "country": "NL",
        "currency": "EUR",
        "language": "nl",
        "time_zone": "Europe/Amsterdam",
        "profile": {
            "street": "Bakenkade 31",
            "postcode": "8017 JX",
            "city": "Zwolle",
            "phone": "038 000 00 00",
            "email": "klant@duinbaken.example",
            "iban": "NL91ABNA0417164300",
            "bic": "ABNANL2A",
            "creditor_id": "NL22ZZZ000000000000",
            "brand": "duinbaken",
        },
    },
    {
        "slug": "schutsluis",
        "name": "Schutsluis Volmacht B.V.",
        "kind": K.AGENT,
        "country": "NL",
        "currency": "EUR",
        "language": "nl",
        "time_zone": "Europe/Amsterdam",
        "profile": {
            "street": "Sluiskade 4",
            "postcode": "3412 HV",
            "city": "Lopik",
            "phone": "0348 00 00 00",
            "email": "post@schutsluis.example",
            "iban": "NL20INGB0001234567",
            "bic": "INGBNL2A",
            "brand": "schutsluis",
        },
    },
    {
        "slug": "lindenquell",
        "name": "Lindenquell Versicherung AG",
        "kind": K.PROVIDER,
        "country": "DE",
        "currency": "EUR",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "profile": {
            "street": "Quellgasse 7",
            "postcode": "04109",
            "city": "Leipzig",
            "phone": "0341 000 00-31",
            "email": "post@lindenquell.example",
            "iban": "DE89370400440532013000",
            "bic": "COBADEFFXXX",
            "creditor_id": "DE98ZZZ09999999999",
            "insurance_tax_number": "000/V00000000000",
            "brand": "lindenquell",
        },
    },
    {
        "slug": "kranichtor",
        "name": "Kranichtor Maklerpool GmbH",
        "kind": K.POOL,
        "country": "DE",
        "currency": "EUR",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "profile": {
            "street": "Torstraße 52",
            "postcode": "10119",
            "city": "Berlin",
            "email": "post@kranichtor.example",
            "brand": "kranichtor",
        },
    },
    {
        "slug": "kroonlaan",
        "name": "Kroonlaan Assurantiën",
        "kind": K.BROKER,
        "country": "NL",
        "currency": "EUR",
        "language": "nl",
        "time_zone": "Europe/Amsterdam",
        "profile": {
            "street": "Kroonlaan 7",
            "postcode": "4331 BA",
            "city": "Middelburg",
            "email": "info@kroonlaan.example",
        },
    },
    {
        "slug": "bluestem",
        "name": "Bluestem Home Insurance Company",
        "kind": K.PROVIDER,
        "country": "US",
        "currency": "USD",
        "language": "en",
        "time_zone": "America/Chicago",
        "profile": {
            "street": "400 Prairie Avenue",
            "postcode": "65201",
            "city": "Columbia, MO",
            "phone": "(573) 555-0100",
            "email": "service@bluestem.example",
            "brand": "bluestem",
        },
    },
]
PEOPLE = {
    "duinbaken": [
        ("maud.terwiel", "Maud Terwiel", "Administrator", True, ["auditor"]),
        ("pim.ockels", "Pim Ockels", "Product developer", False, ["product-developer"]),
        ("jorien.hartog", "Jorien Hartog", "Product approver and acceptor", False, ["product-approver", "acceptor"]),
        ("sjoerd.brandsma", "Sjoerd Brandsma", "Policy clerk", False, ["policy-clerk", "debtor-clerk"]),
        ("naima.bakkali", "Naima Bakkali", "Bookkeeper", False, ["bookkeeper"]),
    ],
    "schutsluis": [
        ("kees.verloop", "Kees Verloop", "Administrator", True, ["auditor", "product-developer"]),
        (
            "tessa.kuijk",
            "Tessa Kuijk",
            "Acceptor",
            False,
            ["product-approver", "acceptor", "policy-clerk", "bookkeeper"],
        ),
    ],
    "lindenquell": [
        ("ruth.amelang", "Ruth Amelang", "Administrator", True, ["auditor"]),
        ("piet.sorge", "Piet Sorge", "Product developer", False, ["product-developer"]),
        (
            "henrike.solt",
            "Henrike Solt",
            "Acceptor",
            False,
            ["product-approver", "acceptor", "policy-clerk", "bookkeeper"],
        ),
    ],
    "kranichtor": [("anja.reuter", "Anja Reuter", "Administrator", True, ["auditor"])],
    "kroonlaan": [("wim.dekroon", "Wim de Kroon", "Administrator", True, ["auditor"])],
    "bluestem": [
        ("carla.whitfield", "Carla Whitfield", "Administrator", True, ["auditor", "product-developer"]),
        (
            "dwight.mercer",
            "Dwight Mercer",
            "Underwriter",
            False,
            ["product-approver", "acceptor", "policy-clerk", "bookkeeper"],
        ),
    ],
}
# Posts as each company calls them, and what it writes when a product goes live; the list of logins stays English.
POSTS = {
    "nl": {
        "Administrator": "Beheerder",
        "Product developer": "Productontwikkelaar",
        "Product approver and acceptor": "Productgoedkeurder en acceptant",
        "Policy clerk": "Polismedewerker",
        "Bookkeeper": "Boekhouder",
        "Acceptor": "Acceptant",
    },
    "de": {"Administrator": "Administratorin", "Product developer": "Produktentwickler", "Acceptor": "Annahme"},
}
EVIDENCE = {
    "nl": "Alle uitgewerkte gevallen opnieuw doorgerekend in de proefomgeving.",
    "de": "Alle durchgerechneten Fälle in der Generalprobe noch einmal geprüft.",
    "en": "All worked cases priced again in the rehearsal.",
}
# The pool's customers: a group, below it a broker company that works here too, set up from above, and an insurer.
BELOW = ("foehrenweg", "Föhrenweg Makler GmbH", "jule.roth@foehrenweg.example", "Jule Roth")
# Customers who may enter their folder.
CUSTOMERS = [("jochem.dewilde@post.example", "Jochem", "de Wilde", date(1981, 5, 14))]
OPERATOR = "rens.achterberg@rekencentrum.example"
STILL_ADMINISTERED = {"kranichtor"}  # by the computing centre; the others took over
ADVISERS = [
    ("ilse.markus", "Ilse", "Markus", "ilse-markus", date(1984, 3, 9)),
    ("bram.ottens", "Bram", "Ottens", "bram-ottens", date(1979, 11, 27)),
]
YEARS = 4  # before this one, in which the companies sold already
CATALOGUE = Path(settings.ROOT) / "products" / "catalogue"
SELLERS = {  # of each product of the catalogue
    "de-contents-glass": ["lindenquell"],
    "nl-horse-trailer": ["duinbaken", "schutsluis"],
    "nl-private-liability": ["duinbaken"],
    "us-mo-homeowners-premier": ["bluestem"],
}
