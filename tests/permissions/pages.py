"""Every page of the site and who gets what from it. A page that isn't in this table fails a test."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver

from companies.doors import Door
from companies.models import Act, ModuleCode, PartCode, Right

P, V, E, I = PartCode, Right.VIEW, Right.EDIT, Right.INPUT  # noqa: E741 the letters of the matrix
Pair = tuple[PartCode, Right]


@dataclass(frozen=True)
class Page:
    """What a page asks of its reader and what it answers to who may: `get` and `post` are statuses.

    views: any one of these rights opens it (none: every employee); a GET needs any one of `also` too, if any.
    steps: any one of these rights, or acts, lets a POST do something; by default what opens it; besides: any one of
    these too. administrator: for
    administrators only; auditor: a GET of it for who views every part too.
    """

    door: Door
    views: tuple[Pair, ...] = ()
    also: tuple[Pair, ...] = ()
    steps: tuple[Pair, ...] | None = None
    acts: tuple[Act, ...] = ()
    besides: tuple[Pair, ...] = ()
    administrator: bool = False
    auditor: bool = False
    module: ModuleCode | None = None
    get: int = 200
    post: int = 405
    late: bool = False  # looks at the reader's rights in GET alone, since there is nothing to POST

    def opens(self, rights: set[Pair], administrator: bool = False) -> bool:
        """Whether a GET is answered."""
        if self.administrator and not administrator:
            return self.auditor and all((part, V) in rights for part in P)
        return all(any(pair in rights for pair in pairs) for pairs in (self.views, self.also) if pairs)

    def lets(self, rights: set[Pair], acts: set[Act], administrator: bool = False) -> bool:
        """Whether a POST is taken."""
        if self.late:
            return True
        if self.administrator and not administrator:
            return False
        if self.views and not any(pair in rights for pair in self.views):
            return False
        if self.besides and not any(pair in rights for pair in self.besides):
            return False
        if self.steps is None and not self.acts:
            return True
        return any(pair in rights for pair in self.steps or ()) or any(act in acts for act in self.acts)


def office(*views: Pair, **kwargs: object) -> Page:
    """A page of the office."""
    return Page(Door.OFFICE, views, **kwargs)  # type: ignore[arg-type]


CASE: tuple[Pair, ...] = ((P.APPLICATIONS, V), (P.QUOTATIONS, V), (P.POLICIES, V))
SEES_PRODUCTS: Pair = (P.PRODUCTS, V)
EDITS_PRODUCTS: tuple[Pair, ...] = ((P.PRODUCTS, E),)


def on_rights(**kwargs: object) -> Page:
    """A page on rights: administrators change, auditors read."""
    return office(administrator=True, auditor=True, **kwargs)


def product_step(*acts: Act, edit: bool = False) -> Page:
    """A step of a product's life: seen by nobody (POST only), taken by who may."""
    return office(
        SEES_PRODUCTS, steps=EDITS_PRODUCTS if edit else (), acts=acts, module=ModuleCode.PRODUCTS, get=405, post=302
    )


RELATIONS_V: tuple[Pair, ...] = ((P.RELATIONS, V),)


def import_step(right: Right) -> Page:
    """A step of an import of relations, for who may put in relations."""
    return office((P.IMPORT, right), besides=((P.RELATIONS, I),), module=ModuleCode.BASE, get=405, post=302)


PAGES: dict[str, Page] = {
    "office:today": office(),
    "office:help": office(),
    "office:views": office(get=405, post=302),  # what one keeps of a list; no act is named
    "office:search": office(),
    "admin:employees": office(administrator=True),
    "admin:employee": office(administrator=True, post=302),
    "admin:invitations": office(administrator=True, post=422),
    "admin:presence": office(administrator=True, post=404),  # nobody is named
    "admin:company": office(administrator=True, post=422),
    "admin:modules": office(administrator=True, post=404),  # no module is named
    "office:jobs": office(administrator=True, late=True),
    "factors:list": office(administrator=True, post=302),
    "factors:reset": office(administrator=True, get=404, post=404),  # nobody is named so
    "rights:list": on_rights(post=302),
    "rights:new": on_rights(post=422),
    "rights:protocol": on_rights(post=422),
    "rights:retire": on_rights(get=405, post=302),
    "rights:matrix": on_rights(),
    "rights:employee": on_rights(post=302),
    "rights:why": on_rights(),
    "rights:page": on_rights(),
    "rights:unused": on_rights(),
    "rights:confirm": on_rights(post=302),
    "office:access": office(administrator=True, post=404),  # no window is named
    "office:access_window": office(administrator=True),
    "office:wall": office(administrator=True),
    "office:party": office((P.RELATIONS, V), module=ModuleCode.BASE),
    "office:case": office(*CASE, late=True),
    "office:case_answers": office((P.APPLICATIONS, V), module=ModuleCode.PRODUCTS),
    "office:case_documents": office(*CASE, late=True),
    "office:case_proof": office((P.POLICIES, V), post=200),
    "office:case_translation": office(  # of a policy
        (P.POLICIES, E), (P.QUOTATIONS, E), (P.APPLICATIONS, E), besides=((P.POLICIES, V),), get=405, post=302
    ),
    "office:case_evidence": office(*CASE, get=405, post=200),
    "office:case_compared": office((P.POLICIES, V), also=((P.QUOTATIONS, V),), module=ModuleCode.POLICIES),
    "office:case_messages": office(*CASE, late=True),
    "office:case_send_again": office(  # no mail is named
        (P.POLICIES, E), (P.QUOTATIONS, E), (P.APPLICATIONS, E), besides=CASE, get=405, post=404
    ),
    "office:case_decision": office(
        (P.ACCEPTANCE, V),
        also=CASE,
        steps=((P.ACCEPTANCE, I), (P.QUOTATIONS, I)),
        acts=(Act.DECIDE_REFERRAL,),
        module=ModuleCode.PRODUCTS,
        post=302,
    ),
    "office:case_timeline": office(*CASE, late=True),
    "documents:paper": office((P.POLICIES, V), late=True),
    "relations:list": office((P.RELATIONS, V), module=ModuleCode.BASE),
    "relations:new": office((P.RELATIONS, I), module=ModuleCode.BASE, post=422),
    "relations:folder_on": office((P.RELATIONS, E), module=ModuleCode.FOLDER, get=405, post=302),
    "relations:folder_off": office((P.RELATIONS, E), module=ModuleCode.FOLDER, get=405, post=302),
    "below:list": office(administrator=True, module=ModuleCode.COMPANIES),
    "below:new": office(administrator=True, module=ModuleCode.COMPANIES, post=422),
    "below:member": office(administrator=True, module=ModuleCode.COMPANIES),
    "below:found": office(administrator=True, module=ModuleCode.COMPANIES, get=405, post=422),
    "below:invite": office(administrator=True, module=ModuleCode.COMPANIES, get=405, post=422),
    "relations:proposals": office((P.RELATIONS, V), module=ModuleCode.BASE),
    "relations:duplicates": office((P.RELATIONS, E), module=ModuleCode.BASE),
    "relations:merge": office((P.RELATIONS, E), module=ModuleCode.BASE, post=422),
    "relations:unmerge": office((P.RELATIONS, E), module=ModuleCode.BASE, get=405, post=302),
    "office:channels": office(SEES_PRODUCTS, steps=EDITS_PRODUCTS, module=ModuleCode.PRODUCTS, post=302),
    "applications:new": office((P.APPLICATIONS, I), module=ModuleCode.PRODUCTS, post=200),
    "applications:drafts": office((P.APPLICATIONS, V), module=ModuleCode.PRODUCTS),
    "applications:draft": office((P.APPLICATIONS, I), module=ModuleCode.PRODUCTS, get=302),
    "applications:draft_step": office((P.APPLICATIONS, I), module=ModuleCode.PRODUCTS, post=200),
    "applications:draft_record": office(
        (P.APPLICATIONS, I), module=ModuleCode.PRODUCTS, get=302, post=302
    ),  # the product has no list
    "applications:draft_file": office((P.APPLICATIONS, I), module=ModuleCode.PRODUCTS, get=404),  # no file was added
    "applications:draft_renew": office((P.APPLICATIONS, I), module=ModuleCode.PRODUCTS, get=405, post=302),
    "applications:draft_outcome": office((P.APPLICATIONS, I), module=ModuleCode.PRODUCTS, get=404),  # nothing is sent
    "applications:draft_throw_away": office((P.APPLICATIONS, I), module=ModuleCode.PRODUCTS, post=302),
    "applications:draft_take_over": office((P.APPLICATIONS, I), module=ModuleCode.PRODUCTS, post=302),
    "applications:list": office((P.APPLICATIONS, V), module=ModuleCode.PRODUCTS),
    "applications:file": office(
        (P.APPLICATIONS, V), (P.ACCEPTANCE, V), module=ModuleCode.PRODUCTS, get=404
    ),  # none was added
    "applications:websites": office((P.APPLICATIONS, V), module=ModuleCode.PRODUCTS, administrator=True, post=422),
    "acceptance:list": office((P.ACCEPTANCE, V), module=ModuleCode.PRODUCTS),
    "acceptance:figures": office((P.ACCEPTANCE, V), module=ModuleCode.PRODUCTS),
    "acceptance:special": office((P.ACCEPTANCE, V), module=ModuleCode.PRODUCTS),
    "acceptance:reviews": office((P.ACCEPTANCE, V), module=ModuleCode.PRODUCTS),
    "acceptance:take": office((P.ACCEPTANCE, E), module=ModuleCode.PRODUCTS, get=405, post=302),
    "acceptance:give_back": office((P.ACCEPTANCE, E), module=ModuleCode.PRODUCTS, get=405, post=302),
    "quotations:list": office((P.QUOTATIONS, V), module=ModuleCode.PRODUCTS),
    "policies:list": office((P.POLICIES, V), module=ModuleCode.POLICIES),
    "policies:figures": office((P.POLICIES, V), module=ModuleCode.POLICIES),
    "policies:withdrawals": office((P.POLICIES, V), module=ModuleCode.POLICIES),
    "policies:invoices": office((P.INVOICES, V), module=ModuleCode.POLICIES),
    "ledger:trial_balance": office((P.LEDGER, V), module=ModuleCode.LEDGER),
    "ledger:account": office((P.LEDGER, V), module=ModuleCode.LEDGER),
    "ledger:debtors": office((P.DEBTORS, V), module=ModuleCode.LEDGER),
    "ledger:ages": office((P.DEBTORS, V), module=ModuleCode.LEDGER),
    "ledger:debtor": office((P.DEBTORS, V), module=ModuleCode.LEDGER),
    "imports:list": office((P.IMPORT, V), module=ModuleCode.BASE),
    "imports:new": office((P.IMPORT, I), module=ModuleCode.BASE, post=422),
    "imports:template": office((P.IMPORT, I), (P.IMPORT, V), module=ModuleCode.BASE),
    "imports:report": office((P.IMPORT, V), also=RELATIONS_V, module=ModuleCode.BASE),
    "imports:run": import_step(I),
    "imports:stop": import_step(E),
    "imports:resume": import_step(E),
    "products:list": office(SEES_PRODUCTS, module=ModuleCode.PRODUCTS),
    "products:upload": office((P.PRODUCTS, I), module=ModuleCode.PRODUCTS, post=422),
    "products:version": office(SEES_PRODUCTS, module=ModuleCode.PRODUCTS),
    "products:definition": office(SEES_PRODUCTS, module=ModuleCode.PRODUCTS),
    "products:rules": office(SEES_PRODUCTS, module=ModuleCode.PRODUCTS),
    "products:rules_draft": office((P.PRODUCTS, I), module=ModuleCode.PRODUCTS, get=405, post=302),
    "products:rule_new": office((P.PRODUCTS, E), module=ModuleCode.PRODUCTS, post=422),
    "products:rule": office((P.PRODUCTS, E), module=ModuleCode.PRODUCTS, post=422),
    "products:rule_move": office((P.PRODUCTS, E), module=ModuleCode.PRODUCTS, get=405, post=302),
    "products:rule_remove": office((P.PRODUCTS, E), module=ModuleCode.PRODUCTS, get=405, post=302),
    "products:paper_new": office((P.PRODUCTS, E), module=ModuleCode.PRODUCTS, post=422),
    "products:paper": office(SEES_PRODUCTS, module=ModuleCode.PRODUCTS),
    "products:paper_remove": office((P.PRODUCTS, E), module=ModuleCode.PRODUCTS, get=405, post=302),
    "products:submit": product_step(edit=True),
    "products:return": product_step(Act.APPROVE_PRODUCT, edit=True),
    "products:approve": product_step(Act.APPROVE_PRODUCT),
    "products:test": product_step(edit=True),
    "products:live": product_step(Act.RELEASE_PRODUCT),
    "products:withdraw": product_step(edit=True),
    "advisers:portfolio": Page(Door.ADVISERS, module=ModuleCode.ADVISERS),
    "advisers:views": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, get=405, post=302),  # no act is named
    "advisers:search": Page(Door.ADVISERS, module=ModuleCode.ADVISERS),
    "advisers:links": Page(Door.ADVISERS, module=ModuleCode.ADVISERS),
    "advisers:products": Page(Door.ADVISERS, module=ModuleCode.ADVISERS),
    "advisers:begin": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, get=405, post=302),
    "advisers:applications": Page(Door.ADVISERS, module=ModuleCode.ADVISERS),
    "advisers:draft": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, get=302),
    "advisers:draft_step": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, post=200),
    "advisers:draft_record": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, get=302, post=302),  # there is no list
    "advisers:draft_file": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, get=404),  # no file was added
    "advisers:draft_renew": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, get=405, post=302),
    "advisers:draft_outcome": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, get=404),  # nothing is sent yet
    "advisers:draft_hand_over": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, get=405, post=302),
    "advisers:draft_take_back": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, get=405, post=302),
    "advisers:draft_throw_away": Page(Door.ADVISERS, module=ModuleCode.ADVISERS, post=302),
    "advisers:case": Page(Door.ADVISERS, module=ModuleCode.ADVISERS),
    "advisers:paper": Page(Door.ADVISERS, module=ModuleCode.ADVISERS),
    "folder:overview": Page(Door.FOLDER, module=ModuleCode.FOLDER),
    "folder:payments": Page(Door.FOLDER, module=ModuleCode.FOLDER),
    "folder:papers": Page(Door.FOLDER, module=ModuleCode.FOLDER),
    "folder:paper": Page(Door.FOLDER, module=ModuleCode.FOLDER),
    "folder:policy": Page(Door.FOLDER, module=ModuleCode.FOLDER),
    "folder:withdraw": Page(Door.FOLDER, module=ModuleCode.FOLDER, get=302),  # to the same function as his link
    "apply:list": Page(Door.FRONT),
    "apply:start": Page(Door.FRONT, post=200),  # the same page, with what is wrong
    "apply:via": Page(Door.FRONT, post=200),
    "apply:continue": Page(Door.FRONT, get=302),
    "apply:later": Page(Door.FRONT, post=200),
    "apply:file": Page(Door.FRONT, get=404),  # no file was added
    "apply:renew": Page(Door.FRONT, get=405, post=302),
    "apply:record": Page(Door.FRONT, get=302, post=302),  # the product has no list
    "apply:step": Page(Door.FRONT, post=200),
    "apply:outcome": Page(Door.FRONT, get=404),  # nothing is submitted yet
    "decision:application": Page(Door.FRONT, get=302, post=302),  # nothing is declined yet
    "decision:case": Page(Door.LINK, get=302, post=302),
    "case:quotation": Page(Door.LINK, post=200),
    "case:order": Page(Door.LINK, get=302),
    "case:paper": Page(Door.LINK),
    "withdrawal:withdraw": Page(Door.LINK, get=404, post=404),  # nothing is ordered yet
    # The operator's own process; everywhere else these aren't there.
    "operator:companies": Page(Door.OPERATOR),
    "operator:windows": Page(Door.OPERATOR),
    "operator:found": Page(Door.OPERATOR, post=422),
    "operator:company": Page(Door.OPERATOR, post=404),  # no step is named
    # No window is open that lets him import, and the company administers itself; see ADMINISTERED.
    "operator:imports": Page(Door.OPERATOR, get=404, post=404),
    "operator:import_new": Page(Door.OPERATOR, get=404, post=404),
    "operator:import_template": Page(Door.OPERATOR, get=404, post=404),
    "operator:import_report": Page(Door.OPERATOR, get=404, post=404),
}

# What the operator's pages answer for a company that he administers still, where that is something else.
ADMINISTERED: dict[str, tuple[int, int]] = {
    "operator:imports": (200, 405),
    "operator:import_new": (200, 422),
    "operator:import_template": (200, 405),
    "operator:import_report": (200, 302),
}

# Pages outside every company, and those of installed packages; what anybody without a login gets, and why it is open.
OPEN: dict[str, tuple[int, str]] = {
    "home": (200, "the one entry for everybody; who is logged in is led to his door"),
    "language": (302, "a reader's language is his own"),
    "set_language": (405, "a reader's language is his own; by POST only"),
    "health": (200, "the proxy and the launcher ask whether the process answers"),
    "account_login": (200, "allauth: who logs in has no login yet"),
    "account_logout": (302, "allauth: who isn't logged in is led to the start"),
    "account_inactive": (200, "allauth: says that a login is switched off; names nobody"),
    "account_invitation": (404, "the mailed secret is the proof; what isn't open is one page"),
    "account_sessions": (302, "one's own sessions: asks for a login"),
    "account_profile": (302, "one's own name and language: asks for a login"),
    "account_reauthenticate": (302, "allauth: asks for a login"),
    "account_change_password": (302, "allauth: asks for a login"),
    "account_set_password": (302, "allauth: asks for a login"),
    "account_reset_password": (
        200,
        "allauth: who forgot the password has no login; answers alike for known and unknown addresses",
    ),
    "account_reset_password_done": (200, "allauth: says that a mail may be on its way"),
    "account_reset_password_from_key": (200, "allauth: the mailed key is the proof; a false one says so"),
    "account_reset_password_from_key_done": (200, "allauth: says that the password is changed"),
    "account_go_on": (302, "asks for a login; shows only what the same session sent"),
    "factor_lost": (302, "asks for the password first"),
    "factor_keep": (200, "the mailed token is the proof; opening it changes nothing"),
    "mfa_list_webauthn": (302, "allauth: asks for a login"),
    "mfa_add_webauthn": (302, "allauth: asks for a login"),
    "mfa_edit_webauthn": (302, "allauth: asks for a login"),
    "mfa_remove_webauthn": (302, "allauth: asks for a login"),
    "mfa_reauthenticate_webauthn": (302, "allauth: asks for a login"),
    "mfa_index": (302, "allauth: asks for a login"),
    "mfa_authenticate": (302, "allauth: asks for the first factor first"),
    "mfa_reauthenticate": (302, "allauth: asks for a login"),
    "mfa_activate_totp": (302, "allauth: asks for a login"),
    "mfa_deactivate_totp": (302, "allauth: asks for a login"),
    "mfa_view_recovery_codes": (302, "allauth: asks for a login"),
    "mfa_generate_recovery_codes": (302, "allauth: asks for a login"),
    "mfa_download_recovery_codes": (302, "allauth: asks for a login"),
}

# What stands in the addresses of such pages.
WORDS: dict[str, dict[str, str | int]] = {
    "language": {"code": "nl"},
    "account_invitation": {"secret": "x" * 43},
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "factor_keep": {"token": "1:x"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}

# Who reads everything at a door, by his name in `test_matrix.Worlds.clients`.
READERS = {
    Door.OFFICE: "all", Door.ADVISERS: "ilse", Door.FOLDER: "sanne", Door.FRONT: "anonymous", Door.LINK: "anonymous",
    Door.OPERATOR: "operator",
}  # fmt: skip


def named_urls(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    """All names of a URLconf, with their namespaces; a pattern without a name stands as its address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_urls(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name or pattern.pattern}"
