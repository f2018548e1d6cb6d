"""What the letter of a refusal says, put together from the assessment and, where there is one, a person's decision."""

from django.utils import translation
from django.utils.translation import gettext as _

from acceptance.models import Assessment, Decision, Stage
from acceptance.rules import PROMISED, kept_until
from acceptance.ways import counted, declining, ways_out
from applications.letterhead import addressee_of
from common.formats import money
from companies.models import Company
from companies.models.people import name_of
from documents.rendering.contents import Adviser, DecisionContent, Fact
from products.selectors import compiled
from products.words import Reader, told


def decision_content(assessment: Assessment, decision: Decision | None, company: Company) -> DecisionContent:
    """The reasoned refusal of the robot, or of a person, in the customer's language."""
    application, trace = assessment.application, assessment.trace
    product, language = compiled(application.version), application.language
    reader, party = Reader(product, language), application.adviser
    rules = declining(trace)
    on = decision.on if decision else assessment.on
    with translation.override(language):
        return DecisionContent(
            number=application.number,
            issued_on=on,
            law=company.country,
            rehearsal=company.is_rehearsal,
            product=told(product.definition.names, language),
            edition=str(trace["edition"] or ""),
            currency=company.currency,
            addressee=addressee_of(application, company.country),
            adviser=Adviser(name=party.name, phone=party.phone) if party else None,
            applied_on=application.submitted_on,
            facts=tuple(
                Fact(label=reader.label(key), value=reader.value(key, trace["answers"].get(key)))
                for key in (counted(product, trace) if rules else ())
            ),
            rules=tuple(told(reason["customer"], language) for reason in rules),
            codes=tuple(reason["key"].split("_")[0] for reason in rules),
            weighed=decision.told if decision else "",
            ways=tuple(ways_in_words(assessment, company)),
            decided_by=name_of(decision, "signed_by") if decision else "",
            reviewed=decision is not None and decision.stage == Stage.REVIEW,
            review_days=PROMISED[Stage.REVIEW],
            kept_until=kept_until(on),
        )


def ways_in_words(assessment: Assessment, company: Company) -> list[str]:
    """What the customer can do: other answers that would be accepted, correcting, his adviser."""
    application = assessment.application
    sentence = _(
        "If it is so, or you can arrange it: with the answer %(answer)s to “%(question)s” we could insure you for "
        "about %(total)s."
    )
    found = ways_out(application, assessment.trace) if declining(assessment.trace) else []
    ways = [
        sentence % {"answer": way.answer, "question": way.question, "total": money(way.total, company.currency)}
        for way in found
    ]
    ways.append(
        _("If something you told us isn’t right or has changed, apply again; you have an answer within a minute.")
    )
    if application.adviser is not None:
        ways.append(
            _("Your adviser %(name)s can look for another insurer with you.") % {"name": application.adviser.name}
        )
    return ways
