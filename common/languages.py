"""Which of the written languages a text is in: formats know nl, de and en, everything else reads English."""

from django.utils.translation import get_language

KNOWN = ("nl", "de", "en")


def base_language(language: str | None = None) -> str:
    """The language of formats: the one asked for, else the active translation; "nl-be" is nl, an unknown one en."""
    base = (language or get_language() or "en").split("-")[0].split("_")[0].lower()
    return base if base in KNOWN else "en"
