"""Each rule of the books by raw SQL past sec.post, as the application's own role with pgtrigger switched off first."""

import pytest
from psycopg import errors

from tests.ledger.conftest import peopled
from tests.ledger.raw import OWED, PAIR, intruder

pytestmark = pytest.mark.django_db(transaction=True)
BREACH = errors.IntegrityConstraintViolation
DENIED = errors.InsufficientPrivilege


@pytest.fixture
def here():
    return peopled("duinhaven")


@pytest.fixture
def there():
    return peopled("oosterkim")


def entries(company):
    with intruder(company) as it:
        return it.one("SELECT count(*) FROM ledger_entry")


# The attacks of the trial on the foundation, each by its name.


def test_pair_on_a_posted_entry(here):
    with intruder(here) as it:
        entry = it.post()
    with pytest.raises(BREACH, match="closed"), intruder(here) as it:
        it.lines(entry, PAIR, first=3)


def test_pair_on_an_entry_of_this_transaction(here):
    with pytest.raises(BREACH, match="closed"), intruder(here) as it:
        it.lines(it.post(), PAIR, first=3)


def test_pair_twice_on_the_same_places(here):
    with pytest.raises(errors.UniqueViolation), intruder(here) as it:
        it.lines(it.post(), PAIR)


def test_one_line(here):
    with pytest.raises(BREACH, match="expected 2 lines"), intruder(here) as it:
        it.lines(it.entry(), PAIR[:1])


def test_one_line_counted_as_one(here):
    with pytest.raises(errors.CheckViolation), intruder(here) as it:
        it.entry(count=1)


def test_lines_in_two_statements(here):
    with pytest.raises(BREACH, match="expected 2 lines"), intruder(here) as it:
        entry = it.entry()
        it.lines(entry, PAIR[:1])
        it.lines(entry, PAIR[1:], first=2)


def test_no_lines(here):
    with pytest.raises(BREACH, match="expected 2 lines"), intruder(here) as it:
        it.entry()


def test_no_seal(here):
    with pytest.raises(BREACH, match="no right seal"), intruder(here) as it:
        it.lines(it.entry(), PAIR)
    assert entries(here) == 0


def test_seal_before_lines(here):
    with pytest.raises(BREACH, match="expected 2 lines"), intruder(here) as it:
        entry = it.entry()
        it.seal(entry)
        it.lines(entry, PAIR)


def test_sealed_twice(here):
    with pytest.raises(errors.UniqueViolation), intruder(here) as it:
        it.seal(it.post())


def test_sealed_twice_in_one_call(here):
    with pytest.raises(errors.UniqueViolation), intruder(here) as it:
        entry = it.entry()
        it.lines(entry, PAIR)
        it.seal(entry, entry)


def test_sealed_later(here):
    with intruder(here) as it:
        entry = it.post()
    with pytest.raises(BREACH, match="closed"), intruder(here) as it:
        it.seal(entry)


def test_entry_of_another_company_sealed(here, there):
    with intruder(there) as it:
        entry = it.post()
    with pytest.raises(BREACH, match="of this company"), intruder(here) as it:
        it.seal(entry)


def test_own_seal_row(here):
    with pytest.raises(DENIED), intruder(here) as it:
        entry = it.entry()
        it.lines(entry, PAIR)
        it.connection.execute(
            "INSERT INTO ledger_seal (entry_id, journal_id, year, number, previous, seal) "
            "SELECT id, journal_id, 2026, 9, '', '' FROM ledger_entry"
        )


def test_journal_head_set_back(here):
    with intruder(here) as it:
        it.post()
    with pytest.raises(DENIED), intruder(here) as it:
        it.connection.execute("UPDATE ledger_journalhead SET last = 0")


def test_nested_scope(here, there):
    with pytest.raises(BREACH, match="expected 2 lines"), intruder(here) as it:
        it.enter(there)
        it.entry()
        it.enter(here)


def test_empty_scope_at_commit(here):
    with pytest.raises(BREACH, match="expected 2 lines"), intruder(here) as it:
        it.entry()
        it.connection.execute("SELECT set_config('app.context', '', true)")


@pytest.mark.parametrize("value", ["{}", "{public.ledger_entry:entry_filled}", "{*}"])
def test_pgtrigger_ignore(here, value):
    with pytest.raises(BREACH), intruder(here) as it:
        it.connection.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [value])
        it.lines(it.entry(), [("1000", 100, 0, None), ("8000", 0, 99, None)])


def test_constraints_immediate_then_more_lines(here):
    with pytest.raises(BREACH), intruder(here) as it:
        entry = it.post()
        it.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        it.connection.execute("SET CONSTRAINTS ALL DEFERRED")
        it.lines(entry, PAIR, first=3)


def test_constraints_immediate_before_the_entry(here):
    with pytest.raises(BREACH), intruder(here) as it:
        it.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        it.entry()


def test_forged_xact(here):
    with pytest.raises(BREACH, match="closed"), intruder(here) as it:
        it.lines(it.entry(xact="999999999"), PAIR)


def test_forged_xact_without_lines(here):
    with pytest.raises(BREACH, match="closed"), intruder(here) as it:
        it.entry(xact="999999999")


@pytest.mark.parametrize("name", ["ledger_entry", "ledger_line", "ledger_seal", "ledger_account"])
def test_temp_table_with_our_name(here, name):
    """A table of the same name in pg_temp would be found first, did the guards not name their schema."""
    with pytest.raises((BREACH, DENIED)), intruder(here) as it:
        it.connection.execute(f"CREATE TEMP TABLE copy AS SELECT * FROM public.{name}")
        entry = it.entry()
        it.connection.execute(f"ALTER TABLE copy RENAME TO {name}")
        it.connection.execute("SET LOCAL search_path = pg_temp, public")
        it.lines(entry, [("1000", 100, 0, None), ("8000", 0, 99, None)])


def test_temp_function_with_our_name(here):
    with pytest.raises((BREACH, DENIED)), intruder(here) as it:
        it.connection.execute(
            "CREATE FUNCTION pg_temp.pg_current_xact_id() RETURNS xid8 LANGUAGE sql AS $$ SELECT '999999999'::xid8 $$"
        )
        it.connection.execute(
            "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$"
        )
        it.connection.execute("SET LOCAL search_path = pg_temp, pg_catalog, public")
        it.lines(it.entry(xact="999999999"), PAIR)


def test_operator_of_our_own(here):
    with pytest.raises((BREACH, DENIED, errors.UniqueViolation)), intruder(here) as it:
        it.connection.execute(
            "CREATE FUNCTION pg_temp.same(numeric, numeric) RETURNS bool LANGUAGE sql AS 'SELECT true'"
        )
        it.connection.execute(
            "CREATE OPERATOR pg_temp.= (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = pg_temp.same)"
        )
        it.connection.execute("SET LOCAL search_path = pg_temp, pg_catalog, public")
        it.lines(it.entry(), [("1000", 100, 0, None), ("8000", 0, 99, None)])


# What a line, an entry and an item are.


@pytest.mark.parametrize(
    ("debit", "credit"),
    [(-100, 0), (0, -100), (100, 100), (0, 0), ("'NaN'", 0), (0, "'NaN'"), ("'NaN'", "'NaN'")],
)
def test_a_line_has_one_positive_side(here, debit, credit):
    with pytest.raises((errors.CheckViolation, errors.FeatureNotSupported)), intruder(here) as it:
        it.lines(it.entry(), [("1000", debit, credit, None), ("8000", 0, 100, None)])


@pytest.mark.parametrize("total", [0, -1, "NaN"])
def test_an_entry_has_a_positive_total(here, total):
    with pytest.raises(errors.CheckViolation), intruder(here) as it:
        it.entry(total=total)


@pytest.mark.parametrize("day", ["infinity", "-infinity", "1899-12-31", "3000-01-01"])
def test_an_entry_has_a_day(here, day):
    with pytest.raises(errors.CheckViolation), intruder(here) as it:
        it.entry(on=day)


def test_unbalanced(here):
    with pytest.raises(BREACH, match=r"debit 100\.00, credit 99\.00"), intruder(here) as it:
        it.lines(it.entry(), [("1000", 100, 0, None), ("8000", 0, 99, None)])


def test_balanced_but_not_the_total(here):
    with pytest.raises(BREACH, match=r"expected 2 lines of 90\.00"), intruder(here) as it:
        it.lines(it.entry(total=90), PAIR)


def test_line_on_another_day_than_its_entry(here):
    with pytest.raises(BREACH, match="day of the entry"), intruder(here) as it:
        entry = it.entry()
        it.lines(entry, PAIR, on="2026-01-01")
        it.seal(entry)


def test_control_account_without_party(here):
    with pytest.raises(BREACH, match="needs a party"), intruder(here) as it:
        it.lines(it.entry(), [("1300", 100, 0, None), ("8000", 0, 100, None)])


def test_party_on_another_account(here):
    with pytest.raises(BREACH, match="needs a party"), intruder(here) as it:
        it.lines(it.entry(), [("1000", 100, 0, 7), ("8000", 0, 100, None)])


def test_control_account_without_open_items(here):
    with pytest.raises(BREACH, match="open items that sum"), intruder(here) as it:
        it.post(rows=OWED)


@pytest.mark.parametrize(("amount", "party", "code"), [(99, 7, "1300"), (100, 8, "1300"), (100, 7, "1650")])
def test_open_items_that_differ_from_their_line(here, amount, party, code):
    with pytest.raises(BREACH, match="open items that sum"), intruder(here) as it:
        entry = it.entry()
        line, _other = it.lines(entry, OWED)
        it.item(entry, line, amount, party=party, code=code)
        it.seal(entry)


def test_open_item_on_a_line_without_sub_ledger(here):
    with pytest.raises(BREACH, match="open items that sum"), intruder(here) as it:
        entry = it.entry()
        line, _other = it.lines(entry, PAIR)
        it.item(entry, line, 100)
        it.seal(entry)


def test_pair_of_open_items_on_a_posted_line(here):
    with intruder(here) as it:
        entry, line, _item = it.owed()
    with pytest.raises(BREACH, match="closed"), intruder(here) as it:
        it.item(entry, line, 50, position=2)
        it.item(entry, line, -50, position=3)


def test_open_item_on_the_line_of_another_entry(here):
    with intruder(here) as it:
        _entry, line, _item = it.owed()
    with pytest.raises(BREACH, match="line of its entry"), intruder(here) as it:
        it.item(it.entry(), line, 50, position=2)


def test_account_of_another_company(here, there):
    with intruder(there) as it:
        foreign = it.one("SELECT id FROM ledger_account WHERE code = '1000'")
    with pytest.raises((errors.ForeignKeyViolation, BREACH)), intruder(here) as it:
        entry = it.entry()
        it.connection.execute(
            "INSERT INTO ledger_line (entry_id, position, account_id, booked_on, debit, credit) "
            "SELECT %s, 1, %s, date '2026-06-01', 100, 0 UNION ALL "
            "SELECT %s, 2, id, date '2026-06-01', 0, 100 FROM ledger_account WHERE code = '8000'",
            [entry, foreign, entry],
        )


def test_row_for_another_company(here, there):
    with pytest.raises(DENIED), intruder(here) as it:
        it.entry(company_id=str(there.pk))


def test_post_outside_a_company(here):
    with pytest.raises(DENIED), intruder(here) as it:
        it.connection.execute("SELECT set_config('app.context', '', true)")
        it.connection.execute("SELECT * FROM sec.post('[]', '{}', '{}', '{}')")


# What passes, as it should.


def test_one_statement_with_everything_but_the_seal(here):
    with intruder(here) as it:
        entry = it.one(
            "WITH e AS (INSERT INTO ledger_entry (journal_id, booked_on, source, reference, key, fingerprint, "
            "line_count, total, actor_kind) SELECT id, '2026-06-01', 'raw', 'raw', 'k', '', 2, 100, 'robot' "
            "FROM ledger_journal "
            "WHERE code = 'sales' RETURNING id), l AS (INSERT INTO ledger_line (entry_id, position, account_id, "
            "booked_on, "
            "debit, credit) SELECT e.id, x.p, a.id, '2026-06-01', x.d, x.c FROM e, (VALUES (1, '1000', 100, 0), "
            "(2, '8000', 0, 100)) x(p, code, d, c) JOIN ledger_account a ON a.code = x.code RETURNING id) "
            "SELECT id FROM e"
        )
        it.seal(entry)
    assert entries(here) == 1


def test_savepoints(here):
    with intruder(here) as it:
        it.connection.execute("SAVEPOINT a")
        it.post("lost")
        it.connection.execute("ROLLBACK TO SAVEPOINT a")
        it.connection.execute("SAVEPOINT b")
        it.post("kept")
        it.connection.execute("RELEASE SAVEPOINT b")
    with intruder(here) as it:
        assert it.one("SELECT array_agg(number) FROM ledger_seal") == [1]


def test_seals_are_a_chain(here):
    with intruder(here) as it:
        for key in ("a", "b", "c"):
            it.post(key)
    with intruder(here) as it:
        assert it.one(
            "SELECT bool_and(s.seal = sha256(s.previous || f.digest) AND s.previous = coalesce(p.seal, '')) "
            "FROM ledger_seal s CROSS JOIN LATERAL sec.entry_facts(s.company_id, s.entry_id) f "
            "LEFT JOIN ledger_seal p ON p.number = s.number - 1"
        )
        assert it.one(
            "SELECT (last, head) = (3, (SELECT seal FROM ledger_seal WHERE number = 3)) FROM ledger_journalhead"
        )
