from policies.models import Policy


def policy_for_update(case_id: int) -> Policy | None:
    """The newest policy of a case, locked, with all that it stands on; the one way to lock that kind."""
    found = Policy.objects.select_for_update(of=("self",)).select_related(
        "case", "holder", "adviser", "product", "order__quotation__assessment__application__version__product",
        "order__quotation__assessment__application__adviser",
    )  # fmt: skip
    return found.filter(case=case_id).order_by("-pk").first()
