"""Schema sec as the first migration lays it: what policies and defaults call. The bodies can be signed later."""

SCHEMA = [
    "CREATE SCHEMA sec",
    "GRANT USAGE ON SCHEMA sec TO bo_app, bo_public, bo_operator, bo_backup, sec_guard",
    "CREATE SCHEMA numbers",
    "GRANT USAGE, CREATE ON SCHEMA numbers TO sec_guard",
    "GRANT USAGE ON SCHEMA public TO bo_app, bo_public, bo_operator, bo_backup, sec_guard",
    *[
        f"CREATE FUNCTION sec.{name}() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE "
        f"AS $$ SELECT NULLIF(pg_catalog.current_setting('app.{setting}', true), '')::bigint $$"
        for name, setting in (
            ("company", "company"),
            ("party", "party"),
            ('"case"', "case"),
            ("link", "link"),
            ("membership", "membership"),
        )
    ],
    "CREATE FUNCTION sec.door() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE "
    "AS $$ SELECT NULLIF(pg_catalog.current_setting('app.door', true), '') $$",
]
