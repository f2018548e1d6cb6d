from common.db import step
from companies.actor import Actor
from companies.models import CompanyKind
from ledger.charts import CHARTS, JOURNALS
from ledger.models import Account, Journal


@step
def open_books(*, kind: CompanyKind | str, actor: Actor) -> list[Account]:
    """Give the current company the accounts and journals of its kind; what is there already stays as it is (features
    S0-32).

    The trail is the rows themselves: accounts and journals are never deleted and keep code, role, kind and control.
    """
    chart = CHARTS[CompanyKind(kind)]
    Account.objects.bulk_create(
        [Account(code=a.code, role=a.role, kind=a.kind, control=a.control, names=a.names) for a in chart],
        ignore_conflicts=True,
    )
    Journal.objects.bulk_create(
        [Journal(code=kind, kind=kind, names=names) for kind, names in JOURNALS.items()], ignore_conflicts=True
    )
    return list(Account.objects.visible_to(actor).order_by("code"))
