from django.db.models import QuerySet

from companies.actor import Actor
from companies.doors import WHOLE, Door
from documents.models import Case, Document


def cases_visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases an actor may see: all in the office, his own portfolio as adviser, his own as customer, the one of a
    link.
    """
    cases = Case.objects.all()
    if actor.door in WHOLE:
        return cases
    if actor.door == Door.ADVISERS and actor.party_id is not None:
        return cases.filter(adviser=actor.party_id)
    if actor.door == Door.FOLDER and actor.party_id is not None:
        return cases.filter(customer=actor.party_id)
    if actor.case_id is not None:
        return cases.filter(pk=actor.case_id)
    return cases.none()


def documents_visible_to(actor: Actor) -> QuerySet[Document]:
    """Papers of the visible cases, newest last."""
    return Document.objects.select_related("file").filter(case__in=cases_visible_to(actor)).order_by("pk")
