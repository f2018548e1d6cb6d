"""What an employee may do, read with 10,000 logins and 500,000 grants in the company, beside one of 10 and 600.

Both companies stand in one database; the check is what each page of the office asks once a request. The yardstick is
the small company: rights are found by the login, so the size of the company is to cost nothing.
Run with bin/bench rights [logins] [checks]. Prints one JSON object and keeps it in docs/benchmarks.md.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from companies.models import Company  # noqa: E402
from companies.rights import effective_acts, effective_rights  # noqa: E402
from config.launch.places import ROOT  # noqa: E402
from proofs._record import keep_result  # noqa: E402
from tests import given  # noqa: E402
from tests.conftest import TESTER, as_owner, role_connection  # noqa: E402

SMALL = 10
WALLED = ("companies_membership", "companies_protocol", "companies_partgrouppermission", "companies_user_groups")
FILL = """
with logins as (
  insert into companies_user (email, name, language, password, is_superuser, is_active)
  select 'u' || n || '@{slug}.example', 'U ' || n, 'nl', '', false, true
  from generate_series(1, {logins}) n returning id
), groups as (
  insert into auth_group (name) select '{company}: bench ' || n from generate_series(1, {protocols}) n returning id
), members as (
  insert into companies_membership (company_id, user_id, door, administrator, "on", post)
  select {company}, id, 'office', false, true, '' from logins
), protocols as (
  insert into companies_protocol (company_id, group_id, name, template)
  select {company}, id, 'Bench ' || id, '' from groups
), held as (
  insert into companies_user_groups (user_id, group_id)
  select l.id, g.id from (select id, row_number() over (order by id) n from logins) l
  join (select id, row_number() over (order by id) n from groups) g using (n)
)
insert into companies_partgrouppermission (company_id, group_id, permission_id, content_object_id)
select {company}, g.id, p.id, part.id from groups g, auth_permission p, companies_part part
where part.company_id = {company} and p.codename in ('view', 'edit', 'input')
  and p.content_type_id = (select id from django_content_type where app_label = 'companies' and model = 'part')
"""


@contextmanager
def bench_database() -> Iterator[None]:
    """A database of its own, made by the owner; this process then logs in as the application."""
    with as_owner():
        config = setup_databases(verbosity=0, interactive=False)
    connections["default"].settings_dict.update(**TESTER, OPTIONS={"options": "-c role=bo_app"})
    try:
        yield
    finally:
        with as_owner():
            teardown_databases(config, verbosity=0)


def filled(slug: str, *, logins: int) -> Company:
    """A company with so many employees, each with a protocol of all pairs, and protocols that nobody holds."""
    company = given.company(slug)
    sql = FILL.format(slug=slug, company=company.pk, logins=logins, protocols=logins + logins // 9 + 1)
    with role_connection("bo_owner") as owner, owner.transaction():
        for table in WALLED:
            owner.execute(f'alter table "{table}" no force row level security')
            owner.execute(f'alter table "{table}" disable trigger user')
        owner.execute('alter table "companies_part" no force row level security')
        owner.execute(sql)
        owner.execute("set constraints all immediate")
        owner.execute('alter table "companies_part" force row level security')
        for table in WALLED:
            owner.execute(f'alter table "{table}" enable trigger user')
            owner.execute(f'alter table "{table}" force row level security')
    return company


def grants(company: Company) -> int:
    with given.inside(company), connection.cursor() as cursor:
        cursor.execute("select count(*) from companies_partgrouppermission")
        return int(cursor.fetchone()[0])


def checks(company: Company, number: int) -> dict[str, float]:
    """Milliseconds of one check of rights and acts, over logins far apart; its queries; the pairs found."""
    with given.inside(company), connection.cursor() as cursor:
        cursor.execute("select user_id from companies_membership where door = 'office' order by md5(id::text)")
        users = [row[0] for row in cursor.fetchall()]
        asked = [users[place % len(users)] for place in range(number)]
        effective_rights(user_id=asked[0])
        times = []
        for user in asked:
            begun = time.perf_counter()
            found, _acts = effective_rights(user_id=user), effective_acts(user_id=user)
            times.append((time.perf_counter() - begun) * 1000)
        with CaptureQueriesContext(connection) as queries:
            found, _acts = effective_rights(user_id=asked[-1]), effective_acts(user_id=asked[-1])
    return {
        "median": round(median(times), 2), "p95": round(quantiles(times, n=20)[-1], 2),
        "queries": len(queries), "pairs": len(found),
    }  # fmt: skip


def measure(logins: int, number: int) -> dict[str, Any]:
    """Both companies, the small one before and after the large one is there."""
    small = filled("small", logins=SMALL)
    large = filled("large", logins=logins)
    with role_connection("bo_owner") as owner:
        owner.execute("ANALYZE")
    few, many = checks(small, number), checks(large, number)
    return {
        "logins": logins, "grants": grants(large), "grants_of_the_small_company": grants(small), "checks": number,
        "queries_of_a_check": many["queries"], "pairs_found": many["pairs"],
        "milliseconds_median": many["median"], "milliseconds_p95": many["p95"],
        "milliseconds_median_of_the_small_company": few["median"], "ratio": round(many["median"] / few["median"], 2),
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Print and keep the figures; 0 if a check takes at most 3 queries and finds something."""
    logins, number = (int(arguments[0]) if arguments else 10_000), (int(arguments[1]) if len(arguments) > 1 else 1000)
    settings.DATABASES["default"]["TEST"]["NAME"] = f"bench_{os.getpid()}"
    with bench_database():
        result = measure(logins, number)
    print(json.dumps(result), flush=True)
    if not arguments:
        keep_result("rights", result, ROOT / "docs" / "benchmarks.md")
    return 0 if result["queries_of_a_check"] <= 3 and result["pairs_found"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
