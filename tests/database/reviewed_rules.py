"""What was reviewed beside tables and functions: policies that aren't the wall's own two, guards with the moment they
look, who may look into a schema, and what roles are. The catalogue is held against it, both ways.
"""

from tests.database.reviewed import OPERATOR_SEES


def in_sight(table: str, column: str = "case_id") -> str:
    """Rows of a case that the door sees."""
    return (
        f"(EXISTS ( SELECT 1 FROM documents_case c WHERE ((c.company_id = {table}.company_id) "
        f"AND (c.{'product_version_id' if column == 'id' else 'id'} = {table}.{column}))))"
    )


def hanging_on(table: str, of: str, short: str, here: str, there: str = "id", *, select: str = "1 ") -> str:
    """Rows beside a row of another table that the door sees."""
    return (
        f"(EXISTS ( SELECT {select}FROM {of} {short} WHERE (({short}.company_id = {table}.company_id) "
        f"AND ({short}.{there} = {table}.{here}))))"
    )


BY_VISITOR = (
    "((sec.door() = 'front'::text) AND (case_id = sec.\"case\"()) "
    "AND (((filled_in_by)::text = 'visitor'::text) OR (handed_over_at IS NOT NULL)))"
)
BY_ADVISER = (
    "((sec.door() = 'advisers'::text) AND ((filled_in_by)::text = 'adviser'::text) AND (adviser_id = sec.party()) "
    f"AND {in_sight('applications_draft')})"
)
THROWN_AWAY = "((sec.door() = 'advisers'::text) AND (adviser_id = sec.party()) AND (discarded_at IS NOT NULL))"
OF_DRAFT = (
    "(EXISTS ( SELECT FROM applications_draft d WHERE ((d.company_id = applications_upload.company_id) "
    "AND (d.case_id = applications_upload.case_id) AND (d.discarded_at IS NULL) AND (d.handed_over_at IS NULL))))"
)
OWN_CASES = (
    "(((sec.door() = ANY (ARRAY['front'::text, 'link'::text])) AND (id = sec.\"case\"())) "
    "OR ((sec.door() = 'advisers'::text) AND (adviser_id = sec.party())) "
    "OR ((sec.door() = 'folder'::text) AND (customer_id = sec.party())))"
)
UPLOADS = (
    "(((sec.door() = 'front'::text) AND (case_id = sec.\"case\"())) "
    f"OR ((sec.door() = 'advisers'::text) AND {OF_DRAFT}))"
)
OF_LOGIN = "(user_id = ( SELECT sec.login() AS login))"
OF_MEMBERSHIP = "(membership_id = sec.membership())"
LOGINS = ("account_emailaddress", "companies_secondfactor", "companies_user", "mfa_authenticator")
MINE = dict.fromkeys(LOGINS, OF_LOGIN) | {"companies_user": "(id = ( SELECT sec.login() AS login))"}
AN_OPERATOR = "(user_id IN ( SELECT u.id FROM companies_user u WHERE u.operator))"
OPERATORS = dict.fromkeys(LOGINS, AN_OPERATOR) | {"companies_user": "operator"}

ENTERED = "((sec.door() IS DISTINCT FROM 'office'::text) AND (sec.door() IS DISTINCT FROM 'operator'::text))"


def not_in_folder(rows: str) -> str:
    """Rows that every door but a customer's folder shows."""
    return f"((sec.door() <> 'folder'::text) AND {rows})"


def in_a_window(table: str, module: str) -> str:
    """Rows that the operator sees: of the company, while it lets him see this module; each is written down as seen."""
    key = "pgh_id" if table.endswith("event") else "id"
    return (
        f"((company_id = ( SELECT sec.company() AS company)) AND ( SELECT sec.operator_may('{module}'::text) "
        f"AS operator_may) AND sec.seen('{table}'::text, {key}))"
    )


# (table, policy) -> what it shows, and what it lets write where that's another; to one role each.
POLICIES: dict[tuple[str, str], tuple[str, str]] = {
    **{(table, "door"): (in_sight(table),) * 2 for table in (
        "documents_document", "policies_policy",
    )},
    **{(table, "door"): ("true", "true") for table in (
        "companies_module", "companies_profile", "companies_website", "products_product", "products_productchannel",
    )},
    ("applications_draft", "door"): (
        f"({BY_VISITOR} OR {BY_ADVISER} OR {THROWN_AWAY})", f"({BY_VISITOR} OR {BY_ADVISER})",
    ),
    ("applications_upload", "door"): (UPLOADS, UPLOADS),
    ("companies_command", "door"): ("((link_id = sec.link()) OR (membership_id = sec.membership()))",) * 2,
    ("documents_case", "door"): (OWN_CASES, OWN_CASES),
    ("documents_file", "door"): ("(" + " OR ".join((
        hanging_on("documents_file", "documents_document", "d", "id", "file_id"),
        hanging_on("documents_file", "applications_upload", "u", "id", "file_id"),
    )) + ")",) * 2,
    ("policies_withdrawal", "door"): (
        f"((sec.door() = 'link'::text) AND {in_sight('policies_withdrawal')})",) * 2,
    ("policies_policyversion", "door"): (
        not_in_folder(hanging_on("policies_policyversion", "policies_policy", "p", "policy_id")),) * 2,
    ("products_productversion", "door"): (
        f"(((state)::text = 'live'::text) OR {in_sight('products_productversion', 'id')})",) * 2,
    ("relations_appointment", "door"): ("((sec.door() = 'advisers'::text) AND (party_id = sec.party()))", ""),
    ("relations_party", "door"): (
        "((id = sec.party()) OR (EXISTS ( SELECT 1 FROM documents_case c WHERE "
        "((c.company_id = relations_party.company_id) "
        "AND ((c.customer_id = relations_party.id) OR (c.adviser_id = relations_party.id))))))", ""),
    ("companies_user_groups", "protocol"): (
        "(group_id IN ( SELECT companies_protocol.group_id FROM companies_protocol))",) * 2,
    ("applications_draft", "unread"): (f"({ENTERED} OR ((filled_in_by)::text <> 'visitor'::text))", ""),
    ("applications_upload", "unread"): (
        f"({ENTERED} OR "
        + hanging_on("applications_upload", "applications_draft", "d", "case_id", "case_id", select="") + " OR "
        + hanging_on("applications_upload", "applications_application", "a", "case_id", "case_id", select="")
        + ")", ""),
    # Logins, their factors and addresses: looked up by every door, changed by their own; the operator meets operators.
    **{(table, "look_up"): ("true", "") for table in LOGINS},
    **{(table, "own"): (MINE[table],) * 2 for table in LOGINS},
    **{(table, "operators"): (OPERATORS[table], "") for table in LOGINS},
    **{(table, "own_operator"): (f"({OPERATORS[table]} AND {MINE[table]})",) * 2 for table in LOGINS},
    ("companies_secondfactor", "own_operator"): (f"({OF_LOGIN} AND {AN_OPERATOR})",) * 2,
    ("companies_signin", "own"): (OF_LOGIN, ""),
    # What a person chose for his lists: a public door sees his own, and nobody writes another's.
    **{(table, "door"): (OF_MEMBERSHIP,) * 2 for table in ("companies_listchoice", "companies_savedview")},
    **{(table, "own_new"): ("", OF_MEMBERSHIP) for table in ("companies_listchoice", "companies_savedview")},
    **{(table, "own_change"): (OF_MEMBERSHIP,) * 2 for table in ("companies_listchoice", "companies_savedview")},
    # Who asked for a new factor: himself, his colleagues, and among operators operators.
    ("companies_factorreset", "own"): (OF_LOGIN,) * 2,
    ("companies_factorreset", "own_operator"): (f"({OF_LOGIN} AND {AN_OPERATOR})",) * 2,
    ("companies_factorreset", "colleagues"): (
        "(EXISTS ( SELECT FROM companies_membership m WHERE ((m.company_id = ( SELECT sec.company() AS company)) "
        "AND (m.user_id = companies_factorreset.user_id))))", ""),
    # A customer's folder: his policies, invoices and papers; no application, offer or internal version.
    ("policies_invoice", "door"): ("((sec.door() = 'folder'::text) AND (debtor_id = sec.party()))", ""),
    ("policies_instalment", "door"): (
        "(EXISTS ( SELECT FROM policies_invoice i WHERE ((i.company_id = policies_instalment.company_id) "
        "AND (i.id = policies_instalment.invoice_id))))", ""),
    **{(table, "door"): (not_in_folder(in_sight(table)),) * 2 for table in (
        "applications_application", "quotations_quotation",
    )},
    **{(table, "operator"): (in_a_window(table, module), "")
       for module, tables in OPERATOR_SEES.items() for table in tables},
    # The operator's window shows him the files that he brought, not those of employees.
    ("companies_import", "own_import"): (
        "((user_id = ( SELECT sec.login() AS login)) OR ( SELECT sec.operator_administers() AS operator_administers))",
        ""),
    ("companies_importrow", "own_import"): (
        "(EXISTS ( SELECT FROM companies_import i WHERE ((i.company_id = companies_importrow.company_id) "
        "AND (i.id = companies_importrow.source_id))))", ""),
    ("companies_user", "new_login"): ("", "((NOT operator) AND (NOT is_superuser))"),
    ("account_emailaddress", "new_address"): ("", "true"),
}  # fmt: skip

# Table -> guards without a switch, each with its moment. Histories' triggers are held against the models.
BEFORE_INSERT, BEFORE_UPDATE = "BEFORE INSERT row", "BEFORE UPDATE row"
BEFORE_ALL = "BEFORE INSERT OR UPDATE OR DELETE row"
BEFORE_BOTH, AT_COMMIT, OF_ALL = "BEFORE INSERT OR UPDATE row", "AFTER INSERT row at commit", "AFTER INSERT statement"


def searched(name: str) -> dict[str, str]:
    """What keeps a table's rows in the search index: one function, on new rows and on changed ones."""
    return {name: OF_ALL, f"{name}_anew": f"sec.{name}"}


GUARDED: dict[str, dict[str, str]] = {
    "companies_company": {"company_founded_from_above": BEFORE_INSERT, "company_never_back": BEFORE_UPDATE},
    "companies_confirmation": {"confirmed_by_administrator": BEFORE_INSERT},
    "companies_grant": {
        "grant_by_another": BEFORE_BOTH,
        "grant_whole": BEFORE_BOTH,
        "group_follows": "AFTER INSERT OR UPDATE row",
    },
    "companies_import": {
        "import_by_whom": BEFORE_INSERT,
        "import_in_time": "AFTER UPDATE row at commit",
        "import_moves": BEFORE_BOTH,
    },
    "companies_importrow": {"import_row_stays": BEFORE_UPDATE},
    "companies_invitation": {"first_administrator_first": BEFORE_INSERT, "invitation_in_order": BEFORE_BOTH},
    "companies_membership": {
        "administrator_left": "AFTER UPDATE OR DELETE row at commit",
        "membership_in_order": BEFORE_BOTH,
    },
    "companies_partgrouppermission": {"right_of_another": BEFORE_ALL},
    "companies_protocol": {"protocol_of_another": BEFORE_BOTH, "protocol_retires_empty": BEFORE_UPDATE},
    "companies_protocolact": {"act_of_another": BEFORE_ALL},
    "companies_user": {"login_not_raised": BEFORE_UPDATE, "operator_without_membership": BEFORE_BOTH},
    "companies_user_groups": {"held_by_grant": "AFTER INSERT OR DELETE row at commit"},
    "relations_address": searched("address_searched"),
    "relations_bankaccount": searched("account_searched"),
    "relations_party": {
        "party_after_employee": BEFORE_INSERT,
        "party_merged": BEFORE_BOTH,
        **searched("party_searched"),
    },
    "relations_proposal": {"proposal_follows": BEFORE_UPDATE},
    "documents_case": {"case_searched": "AFTER UPDATE statement"},
    "documents_document": {"document_translates": BEFORE_INSERT},
    "acceptance_countersignature": {"countersigned_by_another": BEFORE_INSERT},
    "acceptance_decision": {"decision_answers": BEFORE_INSERT, "decision_in_place": BEFORE_INSERT},
    "applications_application": {
        "application_as_decided": BEFORE_UPDATE,
        "application_moves": BEFORE_BOTH,
        **searched("application_searched"),
    },
    "applications_draft": {"draft_with_client": BEFORE_UPDATE},
    "applications_upload": {"upload_stays": "BEFORE UPDATE OR DELETE row"},
    "ledger_allocation": {"allocations_within": OF_ALL},
    "ledger_entry": {"entry_filled": AT_COMMIT},
    "ledger_line": {"lines_whole": OF_ALL},
    "ledger_openitem": {"items_open": OF_ALL},
    "policies_instalment": {"instalment_in_time": BEFORE_INSERT},
    "policies_insurershare": {"share_insured": AT_COMMIT},
    "policies_invoice": {
        "credit_mirrors": BEFORE_INSERT,
        "invoice_summed": OF_ALL,
        "invoice_whole": AT_COMMIT,
        **searched("invoice_searched"),
    },
    "policies_invoiceline": {"invoice_line_in_time": BEFORE_INSERT},
    "policies_policy": {
        "policy_by_road": BEFORE_INSERT,
        "policy_moves": BEFORE_BOTH,
        "policy_of_one": BEFORE_BOTH,
        "policy_summed": OF_ALL,
        "policy_withdrawn": "AFTER UPDATE row at commit",
        **searched("policy_searched"),
    },
    "policies_premiumcomponent": {"component_in_time": BEFORE_INSERT},
    "policies_section": {"section_insured": AT_COMMIT},
    "policies_withdrawal": {"withdrawal_ends": AT_COMMIT},
    "products_productversion": {"version_frozen": BEFORE_UPDATE, "version_moves": BEFORE_BOTH},
    "products_versionpaper": {"paper_of_draft": "BEFORE INSERT OR UPDATE OR DELETE row"},
    "quotations_order": {"order_within_days": BEFORE_INSERT},
    "quotations_quotation": {
        "quotation_accepted": BEFORE_INSERT,
        "quotation_moves": BEFORE_BOTH,
        **searched("quotation_searched"),
    },
}

# Schema -> who may look into it beside its owner; C: also create.
SCHEMAS = {
    "public": {"bo_app": "U", "bo_public": "U", "bo_operator": "U", "bo_backup": "U", "sec_guard": "U"},
    "sec": {"bo_app": "U", "bo_public": "U", "bo_operator": "U", "bo_backup": "U", "sec_guard": "U"},
    "numbers": {"sec_guard": "CU"},
}
# Role -> login, superuser, bypasses row security, creates databases (in a cluster of tests), creates roles, replicates.
ROLES = {
    "bo_owner": (True, False, False, True, False, False),
    "bo_app": (True, False, False, False, False, False),
    "bo_public": (True, False, False, False, False, False),
    "bo_operator": (True, False, False, False, False, False),
    "bo_backup": (True, False, True, False, False, False),
    "bo_test": (True, False, False, False, False, False),
    "sec_guard": (False, False, True, False, False, False),
}
MEMBERSHIPS = {  # member, role, inherits, may SET ROLE, may pass it on
    ("bo_owner", "sec_guard", False, True, False),
    ("bo_backup", "pg_read_all_data", True, True, False),
    ("bo_test", "bo_app", False, True, False),
    ("bo_test", "bo_public", False, True, False),
    ("bo_test", "bo_operator", False, True, False),
}
