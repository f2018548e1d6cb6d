"""The reviewed list of global tables: what stands outside the wall, and why. A test holds it against the catalogue."""

GROUND = {
    "companies_company": "slug, name and country of each tenant; found before any context",
    "companies_user": "one login for all doors; no grant for bo_operator",
    "companies_user_groups": "who holds a protocol; walled by its own policy over companies_protocol",
    "companies_user_user_permissions": "unused; nobody has a grant",
    "account_emailaddress": "addresses of logins (allauth); no grant for bo_operator",
    "account_emailconfirmation": "unused: addresses come from invitations",
    "mfa_authenticator": "second factors of logins (allauth); no grant for bo_operator",
    "companies_signin": "who is in, under the hash of the session's key; each sees his own, functions alone write",
    "companies_usedstep": "which code of an authenticator was taken; functions alone",
    "companies_operatorsession": "the operator's own sessions, under the hash of the key; for bo_operator alone",
    "django_session": "under the hash of the key; no grant for bo_operator",
    "auth_group": "groups of protocols; their names lead with the company's number",
    "auth_group_permissions": "unused: rights hang on parts",
    "auth_permission": "view, edit and input as guardian knows them",
    "django_content_type": "kinds of rows",
    "django_migrations": "the migrations that ran; only the owner",
    "guardian_groupobjectpermission": "guardian's generic table; unused, nobody has a grant",
    "guardian_userobjectpermission": "guardian's generic table; unused, nobody has a grant",
    "pghistory_context": "stays empty: the context lies in the event row; nobody has a grant",
}
