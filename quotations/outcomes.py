"""What a command's page tells of an application."""

from typing import Any

from acceptance.models import Assessment
from quotations.models import Quotation


def outcome_told(assessment: Assessment, quotation: Quotation | None) -> dict[str, Any]:
    """The outcome as the applicant's page shows it; of the reasons only the words meant for him."""
    return {
        "outcome": assessment.outcome,
        "application": assessment.application.number,
        "quotation": quotation.number if quotation else None,
        "reasons": [reason["customer"] for reason in assessment.reasons],
    }
