"""Nobody raises himself, by no page and by no statement with his own context; who writes rights is an administrator
whose second factor is proved (S2-05, S2-23, threats A4).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from psycopg import errors

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Act, Company, Grant, Membership, PartCode, Protocol, Right, User
from companies.rights import Effective, create_protocol, effective_acts, effective_rights, give_protocol, take_protocol
from companies.rights.protocols import content_of
from tests import given
from tests.companies.scenes import at
from tests.conftest import role_connection
from tests.contexts import browser_of, entrance_of

pytestmark = pytest.mark.django_db
BY_ROBOT: dict[str, Any] = {"actor": ROBOT, "on": given.DAY}
PERMISSION = "(select p.id from auth_permission p join django_content_type t on t.id = p.content_type_id where p.codename = '{right}' and t.app_label = 'companies')"


@dataclass
class Scene:
    """A company with two administrators, one of whom holds a protocol, and a clerk."""

    company: Company
    boss: Membership  # an administrator who holds `held`
    second: Membership  # another administrator
    clerk: Membership
    held: Protocol

    def what_boss_may(self) -> tuple[Effective, frozenset[str], bool]:
        with at(self.company):
            user = User.objects.get(pk=self.boss.user_id)
            flags = user.is_superuser or user.operator
            return effective_rights(user_id=user.pk), effective_acts(user_id=user.pk), flags

    @contextmanager
    def as_(self, who: Membership, *, verified: bool = True) -> Iterator[None]:
        """In this employee's own context, as his browser enters; what stays is checked on leaving."""
        with transaction.atomic():
            entrance_of(who.user, self.company.slug, verified=verified)
            yield
            run("set constraints all immediate")
            run("set constraints all deferred")


def run(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def scene() -> Scene:
    company = given.company("alpha")
    boss = given.member(company, "boss@alpha.example", "debtor-clerk", administrator=True)
    second = given.member(company, "second@alpha.example", administrator=True)
    clerk = given.member(company, "clerk@alpha.example", "acceptor")
    with at(company):
        return Scene(company, boss, second, clerk, Protocol.objects.get(template="debtor-clerk"))


Try = tuple[str, Callable[[], Any]]


def by_sql(scene: Scene) -> Iterator[Try]:
    """Statements an administrator might slip into his own transaction; each is another one."""
    boss, held = scene.boss, scene.held
    with at(scene.company):
        others = list(Protocol.objects.exclude(pk=held.pk))
        grant = Grant.objects.get(membership=boss)
        has = content_of(held)
    for part in PartCode:
        for right in Right:
            if (part, right) not in has.rights:
                yield (
                    f"right {part} {right} into the protocol he holds",
                    partial(
                        run,
                        "insert into companies_partgrouppermission (company_id, group_id, permission_id, "
                        f"content_object_id) select sec.company(), %s, {PERMISSION.format(right=right.value)}, id "
                        "from companies_part where code = %s",
                        held.group_id,
                        part.value,
                    ),
                )
    for act in Act:
        yield (
            f"act {act} into the protocol he holds",
            partial(
                run,
                "insert into companies_protocolact (company_id, protocol_id, act) values (sec.company(), %s, %s)",
                held.pk,
                act.value,
            ),
        )
    for other in others:
        for giver in ("sec.membership()", str(scene.second.pk), "null"):
            yield (
                f"“{other}” given to himself by {giver}",
                partial(
                    run,
                    "insert into companies_grant (company_id, membership_id, protocol_id, given_by_id) "
                    f"values (sec.company(), %s, %s, {giver})",
                    boss.pk,
                    other.pk,
                ),
            )
        yield (
            f"himself into the group of “{other}”",
            partial(
                run,
                "insert into companies_user_groups (user_id, group_id) values (%s, %s)",
                boss.user_id,
                other.group_id,
            ),
        )
    whole = others[0]
    plain = {
        "the group of his protocol exchanged": f"update companies_protocol set group_id = {whole.group_id} where id = {held.pk}",
        "another protocol's group taken": f"insert into companies_protocol (company_id, group_id, name, template, public_id) values (sec.company(), {held.group_id}, 'Mine', '', gen_random_uuid())",
        "his grant moved to another protocol": f"update companies_grant set protocol_id = {whole.pk} where id = {grant.pk}",
        "another's grant moved to him": f"update companies_grant set membership_id = {boss.pk}",
        "his own grant taken, to change the protocol freely": f"update companies_grant set taken_at = now(), taken_by_id = sec.membership() where id = {grant.pk}",
        "himself a superuser": f"update companies_user set is_superuser = true where id = {boss.user_id}",
        "himself an operator": f"update companies_user set operator = true where id = {boss.user_id}",
        "a right for his login alone": f"insert into companies_partuserpermission (company_id, user_id, permission_id, content_object_id) select sec.company(), {boss.user_id}, {PERMISSION.format(right='edit')}, id from companies_part",
        "a permission of Django for his login": f"insert into companies_user_user_permissions (user_id, permission_id) select {boss.user_id}, id from auth_permission",
        "a permission of Django for his group": f"insert into auth_group_permissions (group_id, permission_id) select {held.group_id}, id from auth_permission",
        "a permission of guardian's generic table": "insert into guardian_groupobjectpermission (object_pk, content_type_id, group_id, permission_id) values ('1', 1, 1, 1)",
        "the group's list changed": f"update companies_user_groups set group_id = {whole.group_id} where user_id = {boss.user_id}",
        "a part renamed into another": "update companies_part set code = 'ledger' where code = 'debtors'",
        "the triggers of grants switched off": "alter table companies_grant disable trigger user",
        "triggers off for the session": "set session_replication_role = replica",
        "the guard's role taken": "set role sec_guard",
        "the owner's role taken": "set role bo_owner",
        "the guard's function replaced": "create or replace function sec.may_write_rights() returns boolean language sql as 'select true'",
        "the guard's function dropped": "drop function sec.may_write_rights() cascade",
        "the context of a worker, signed by himself": f"select sec.sign({scene.company.pk}, 'worker', null, null, null, null, null, null)",
        "the context of a worker, entered without proof": f"select sec.enter({scene.company.pk}, 'worker', null, null, null, null, null, null, null)",
        "the context of another administrator": f"select sec.enter({scene.company.pk}, 'office', null, null, null, {scene.second.pk}, {scene.second.user_id}, null, null)",
        "a context of another's, put by hand": f"select set_config('app.context', left(current_setting('app.context'), 65) || '{scene.company.pk}|office||||{scene.second.pk}|{scene.second.user_id}|', true), sec.membership()",
        "the key of contexts read": "select * from sec.key",
        "a trigger's function called": "select sec.group_follows()",
        "pgtrigger's switch": f"select set_config('pgtrigger.ignore', '{{companies_grant:grant_by_another}}', true); insert into companies_grant (company_id, membership_id, protocol_id) values (sec.company(), {boss.pk}, {whole.pk})",
        "a rule of his own on the table": f"create rule mine as on update to companies_grant do also insert into companies_user_groups (user_id, group_id) values ({boss.user_id}, {whole.group_id})",
        "himself given by a cursor of writing": f"with given as (insert into companies_grant (company_id, membership_id, protocol_id, given_by_id) values (sec.company(), {boss.pk}, {whole.pk}, {scene.clerk.pk}) returning *) select * from given",
        "a whole protocol copied into his own group": f"insert into companies_partgrouppermission (company_id, group_id, permission_id, content_object_id) select company_id, {held.group_id}, permission_id, content_object_id from companies_partgrouppermission where group_id = {whole.group_id} on conflict do nothing",
    }  # fmt: skip
    for name, statement in plain.items():
        yield name, partial(run, statement)


def by_pages(scene: Scene) -> Iterator[Try]:
    """What he might send to the pages: his own page, and the protocol he holds."""
    browser = browser_of(scene.boss.user)
    base = "/alpha/office/admin/rights/"
    with at(scene.company):
        others = list(Protocol.objects.exclude(pk=scene.held.pk))
    every = [f"{part.value}:{right.value}" for part in PartCode for right in Right]
    mine = f"{base}employees/{scene.boss.public_id}/"
    change = {"name": "Mine", "rights": every, "acts": Act.values}
    for other in others:
        yield f"page: “{other}” to himself", partial(browser.post, mine, {"give": str(other.public_id)})
    protocol = f"{base}protocols/{scene.held.public_id}/"
    yield "page: all rights into his protocol", partial(browser.post, protocol, {**change, "confirmed": "1"})
    yield "page: all rights into his protocol, not confirmed", partial(browser.post, protocol, change)
    yield "page: his own protocol taken", partial(browser.post, mine, {"take": str(scene.held.public_id)})
    yield "page: himself confirmed", partial(browser.post, f"{base}confirm/", {"employee": str(scene.boss.public_id)})


def test_of_a_hundred_and_more_ways_to_raise_oneself_none_succeeds(scene: Scene) -> None:
    before = scene.what_boss_may()
    tries, succeeded, refused = set(), [], 0
    for name, attempt in [*by_sql(scene), *by_pages(scene)]:
        tries.add(name)
        try:
            with scene.as_(scene.boss):
                attempt()
        except DatabaseError:
            refused += 1
        if scene.what_boss_may() != before:
            succeeded.append(name)
    print(f"{len(tries)} ways tried, {refused} refused by the database, {len(succeeded)} succeeded")
    assert len(tries) >= 100 and succeeded == []


def give(scene: Scene, who: Membership, to: Membership, template: str = "bookkeeper") -> list[Any]:
    return run(
        "insert into companies_grant (company_id, membership_id, protocol_id, given_by_id) "
        "select sec.company(), %s, id, %s from companies_protocol where template = %s returning id",
        to.pk,
        who.pk,
        template,
    )


def groups_of(member: Membership) -> set[int]:
    return set(member.user.groups.values_list("pk", flat=True))


def test_an_administrator_gives_and_the_group_follows(scene: Scene) -> None:
    with scene.as_(scene.boss):
        assert give(scene, scene.boss, scene.clerk)
    with at(scene.company):
        bookkeeper = Protocol.objects.get(template="bookkeeper")
        assert bookkeeper.group_id in groups_of(scene.clerk)
    with scene.as_(scene.boss):
        run(
            "update companies_grant set taken_at = now(), taken_by_id = sec.membership() where protocol_id = %s",
            bookkeeper.pk,
        )
    with at(scene.company):
        assert bookkeeper.group_id not in groups_of(scene.clerk)


@pytest.mark.parametrize("who", ["clerk", "unverified administrator", "switched off", "advisers"])
def test_nobody_else_gives(scene: Scene, who: str) -> None:
    """The same statement as the administrator's, from a context that isn't one."""
    giver = scene.clerk if who == "clerk" else scene.second
    with at(scene.company):
        if who == "switched off":
            Membership.objects.filter(pk=giver.pk).update(on=False)
        if who == "advisers":
            giver = given.member(scene.company, "clerk@alpha.example", door=Door.ADVISERS)
    with suppress(DatabaseError), scene.as_(giver, verified=who != "unverified administrator"):
        give(scene, giver, scene.clerk)
    with at(scene.company):
        assert list(Grant.objects.filter(membership=scene.clerk).values_list("protocol__template", flat=True)) == [
            "acceptor"
        ]


def test_a_grant_names_who_gave_it(scene: Scene) -> None:
    with pytest.raises(ProgrammingError, match="names who gave it"), scene.as_(scene.boss):
        give(scene, scene.second, scene.clerk)


def test_what_was_taken_stays_taken(scene: Scene) -> None:
    with at(scene.company):
        acceptor = Protocol.objects.get(template="acceptor")
        take_protocol(protocol=acceptor, membership=scene.clerk, **BY_ROBOT)
    with pytest.raises(IntegrityError, match="stays taken"), scene.as_(scene.boss):
        run(
            "update companies_grant set taken_at = null, taken_by_id = sec.membership() where protocol_id = %s",
            acceptor.pk,
        )


def test_a_retired_protocol_and_another_doors_login_are_given_nothing(scene: Scene) -> None:
    adviser = given.member(scene.company, "clerk@alpha.example", door=Door.ADVISERS)
    with pytest.raises(IntegrityError, match="given to an employee"), scene.as_(scene.boss):
        give(scene, scene.boss, adviser)
    with scene.as_(scene.boss):
        run("update companies_protocol set retired_at = now() where template = 'bookkeeper'")
    with pytest.raises(IntegrityError, match="given to an employee"), scene.as_(scene.boss):
        give(scene, scene.boss, scene.clerk)


def test_a_protocol_that_somebody_holds_is_not_retired(scene: Scene) -> None:
    with pytest.raises(IntegrityError, match="somebody holds"), scene.as_(scene.boss):
        run("update companies_protocol set retired_at = now() where template = 'acceptor'")


def test_no_door_writes_the_groups_list(scene: Scene) -> None:
    for statement in (
        "insert into companies_user_groups (user_id, group_id) values (1, 1)",
        "delete from companies_user_groups",
    ):
        with at(scene.company), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run(statement)


@pytest.mark.django_db(transaction=True)
def test_a_group_without_a_live_grant_is_refused_even_to_the_guard(scene: Scene) -> None:
    with at(scene.company):
        group = Protocol.objects.get(template="bookkeeper").group_id
    for statement in (
        f"insert into companies_user_groups (user_id, group_id) values ({scene.clerk.user_id}, {group})",
        f"delete from companies_user_groups where user_id = {scene.clerk.user_id}",
    ):
        with (
            pytest.raises(errors.RestrictViolation, match="held by a live grant"),
            role_connection("bo_owner") as owner,
            owner.transaction(),
        ):
            owner.execute("set local role sec_guard")
            owner.execute(statement)


def test_confirmed_by_oneself_or_by_another_name_is_refused(scene: Scene) -> None:
    insert = "insert into companies_confirmation (company_id, membership_id, protocols, by_id, \"on\") values (sec.company(), %s, '[]', %s, '2026-06-01')"
    with scene.as_(scene.boss):
        run(insert, scene.clerk.pk, scene.boss.pk)
    for who, by in ((scene.boss, scene.second), (scene.clerk, scene.second)):
        with pytest.raises(DatabaseError), scene.as_(scene.boss):
            run(insert, who.pk, by.pk)


def test_rights_of_a_protocol_in_anothers_hands_may_be_written(scene: Scene) -> None:
    with scene.as_(scene.boss):
        run(
            "delete from companies_protocolact where protocol_id = (select id from companies_protocol where template = 'acceptor')"
        )
    with at(scene.company):
        assert effective_acts(user_id=scene.clerk.user_id) == frozenset()


def test_a_clerk_writes_no_protocol(scene: Scene) -> None:
    for statement in (
        "update companies_protocol set name = 'Mine' where template = 'bookkeeper'",
        "delete from companies_partgrouppermission",
        "insert into companies_protocolact (company_id, protocol_id, act) select sec.company(), id, 'open_window' from companies_protocol",
    ):
        with pytest.raises(ProgrammingError, match="written by an administrator"), scene.as_(scene.clerk):
            run(statement)


def test_a_grant_is_kept_once_and_given_by_the_set_up(scene: Scene) -> None:
    with at(scene.company):
        protocol = create_protocol(name="Evening desk", rights=[(PartCode.LEDGER, Right.VIEW)], **BY_ROBOT)
        first = give_protocol(protocol=protocol, membership=scene.clerk, **BY_ROBOT)
        assert give_protocol(protocol=protocol, membership=scene.clerk, **BY_ROBOT) == first
        assert first.given_by is None
