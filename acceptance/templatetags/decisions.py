from typing import Any

from django import template

from applications.services.drafts import find_command

register = template.Library()


@register.simple_tag
def added_terms(case_id: int, language: str) -> list[str]:
    """The names of the terms with which a person accepted an application, for its applicant's page."""
    command = find_command(case_id)
    rows: list[dict[str, Any]] = (command.outcome.get("terms") or []) if command else []
    return [str(row.get(language) or next(iter(row.values()), "")) for row in rows]
