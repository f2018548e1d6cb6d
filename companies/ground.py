"""The reviewed list of global tables: what stands outside the wall, and why. A test holds it against the catalogue."""

GROUND = {
    "companies_company": "slug, name and country of each tenant; found before any context",
    "companies_user": "one login for all doors; each changes his own, the operator meets operators only",
    "companies_signin": "who is in, under the hash of his session's key; own rows by policy, written by functions",
    "companies_usedstep": "codes that were used once; written by a function, nobody has a grant",
    "companies_operatorsession": "sessions of the operator's process alone",
    "companies_user_groups": "who holds a protocol; walled by its own policy over companies_protocol",
    "companies_user_user_permissions": "unused; nobody has a grant",
    "account_emailaddress": "addresses of logins (allauth); as companies_user",
    "account_emailconfirmation": "unused: addresses come from invitations",
    "mfa_authenticator": "second factors of logins (allauth); as companies_user",
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
