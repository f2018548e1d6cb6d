"""SQL of the search index (docs/search.md): how a text becomes words, which lexemes they leave in the index, and the
triggers by which each room keeps its own rows in it.
"""

from typing import Any

from companies.walls import GuardTrigger, Sql, SqlOperation

COLUMNS = ("company_id", "kind", "subject_id", "case_id", "party_id", "adviser_id", "words", "private_words")
KEPT = COLUMNS[3:]

# No case, no accents, no apostrophes; everything that is neither letter nor digit parts two words. Letters that NFKD
# leaves whole are written as common.text.fold writes them.
WORDS = r"""
DECLARE
  plain text := casefold(left(said, 4000) COLLATE pg_unicode_fast);
BEGIN
  IF plain ~ '[^ -~]' THEN
    plain := translate(normalize(plain, NFKD), 'øđłðħıŋ’', 'odldhin');
    plain := replace(replace(replace(plain, 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
    plain := regexp_replace(plain, '[\u0300-\u036f]', '', 'g');
  END IF;
  plain := btrim(regexp_replace(translate(plain, '''`', '') COLLATE pg_unicode_fast, '[^[:alnum:]]+', ' ', 'g'));
  RETURN CASE WHEN plain = '' THEN '{}' ELSE string_to_array(plain, ' ') END;
END
"""
# Words of several texts; a text of two to four words as one word too (de Wilde, dewilde; P-2026-000417), and a number
# without the noughts before it.
TEXT = """
DECLARE
  part text; words text[]; word text; found text[] := '{}';
BEGIN
  FOREACH part IN ARRAY COALESCE(parts, '{}') LOOP
    CONTINUE WHEN part IS NULL;
    words := sec.search_words(part);
    found := found || words;
    IF cardinality(words) BETWEEN 2 AND 4 THEN
      found := found || array_to_string(words, '');
    END IF;
    CONTINUE WHEN strpos(part, '0') = 0;
    FOREACH word IN ARRAY words LOOP
      IF word ~ '^0[0-9]*[1-9][0-9]*$' THEN
        found := found || ltrim(word, '0');
      END IF;
    END LOOP;
  END LOOP;
  RETURN array_to_string(found, ' ');
END
"""
# Behind company and kind each word from its start (^), and from within: a word of letters, or a short one of digits.
# Private words stand behind a kind of their own (+), so that who may not view relations finds nothing by them.
LEXEMES = """
DECLARE
  scope text; word text; found text[] := '{}';
BEGIN
  FOR own IN 0..1 LOOP
    scope := company || '/' || kind || CASE own WHEN 1 THEN '+/' ELSE '/' END;
    FOREACH word IN ARRAY string_to_array(CASE own WHEN 1 THEN private_words ELSE words END, ' ') LOOP
      CONTINUE WHEN word = '' OR length(word) > 200;
      found := found || (scope || '^' || word);
      IF word ~ '^([^0-9]{4,40}|[0-9]{4,8})$' THEN
        FOR place IN 2 .. length(word) - 2 LOOP
          found := found || (scope || substr(word, place));
        END LOOP;
      END IF;
    END LOOP;
  END LOOP;
  RETURN array_to_tsvector(found);
END
"""


def plain_function(head: str, body: str, *roles: str, cost: int = 100) -> Sql:
    """A function of the owner that reads no table: of the same arguments it always makes the same. Not safe to run in
    parallel: starting workers takes longer than a search.
    """
    name = f"sec.{head[: head.index(' RETURNS ')]}"
    return Sql(
        f"CREATE OR REPLACE FUNCTION sec.{head} IMMUTABLE COST {cost} AS $body${body}$body$",
        f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {name} TO {', '.join(roles)}",
    )


def put(rows: str) -> str:
    """An INSERT of entries, or of what is new in them; `rows` selects COLUMNS."""
    own = ", ".join(f"e.{column}" for column in KEPT)
    new = ", ".join(f"excluded.{column}" for column in KEPT)
    return (
        f"INSERT INTO public.relations_searchentry AS e ({', '.join(COLUMNS)}) {rows} "
        f"ON CONFLICT (company_id, kind, subject_id) DO UPDATE SET ({', '.join(KEPT)}) = ROW ({new}) "
        f"WHERE ({own}) IS DISTINCT FROM ({new})"
    )


class Fill(SqlOperation):
    """Rows that were there before their index was: written by sec_guard, who passes row security."""

    def __init__(self, *statements: str) -> None:
        self.statements = statements

    def deconstruct(self) -> Any:
        return (type(self).__name__, list(self.statements), {})

    def describe(self) -> str:
        return "Entries of rows that are there already"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.run(schema_editor, "SET LOCAL ROLE sec_guard", *self.statements, "RESET ROLE")


def kept_in_search(model: str, *, name: str, table: str, rows: str) -> list[SqlOperation]:
    """The triggers, one a statement, that keep a table's rows in the index, and the entries of rows there already.

    `rows` selects COLUMNS from `{source}`, which holds rows of the table.
    """
    body = f"BEGIN {put(rows.replace('{source}', 'fresh'))}; RETURN NULL; END"
    return [*watched(model, name=name, table=table, body=body), Fill(put(rows.replace("{source}", f"public.{table}")))]


def watched(model: str, *, name: str, table: str, body: str) -> list[SqlOperation]:
    """A trigger on new rows and one on changed ones, once a statement, over `fresh`."""
    when = "AFTER {verb} ON {{table}} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
    return [
        GuardTrigger(model, name, when.format(verb="INSERT").format(table="{table}"), body),
        Sql(
            f"CREATE TRIGGER {name}_anew {when.format(verb='UPDATE').format(table=table)} EXECUTE FUNCTION sec.{name}()"
        ),
    ]
