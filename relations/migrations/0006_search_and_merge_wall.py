from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, GuardTrigger, Sql, Wall
from relations.merge_schema import PARTY_MERGED, follows_merge
from relations.search_function import HITS, PORTFOLIO, QUERY, SEARCH
from relations.search_schema import LEXEMES, TEXT, WORDS, kept_in_search, plain_function, put, watched

# A party by its number and name, and where it lives or lived; mail, phone and accounts are for who may view relations.
# One that was merged into another is found by its number alone.
PARTIES = """
SELECT f.company_id, 'party', f.id, NULL::bigint, f.id, NULL::bigint,
  sec.search_text(ARRAY[f.number] || CASE WHEN f.merged_into_id IS NULL
    THEN ARRAY[f.given_name || ' ' || f.family_name, f.family_name] || a.parts END),
  sec.search_text(CASE WHEN f.merged_into_id IS NULL THEN ARRAY[f.email, f.phone] || b.parts ELSE '{}' END)
FROM {source} f,
  LATERAL (SELECT COALESCE(array_agg(part), '{}') AS parts FROM public.relations_address a,
    unnest(ARRAY[a.street, a.house_number, a.postcode, a.city]) part
    WHERE a.company_id = f.company_id AND a.party_id = f.id) a,
  LATERAL (SELECT COALESCE(array_agg(part), '{}') AS parts FROM public.relations_bankaccount b,
    unnest(ARRAY[b.iban, substr(b.iban, 5), substr(b.iban, 9)]) part
    WHERE b.company_id = f.company_id AND b.party_id = f.id) b
"""
OF_PARTY = (
    "(SELECT p.* FROM public.relations_party p WHERE (p.company_id, p.id) IN (SELECT company_id, party_id FROM fresh))"
)
PART = f"BEGIN {put(PARTIES.replace('{source}', OF_PARTY))}; RETURN NULL; END"
HEAD = "company bigint, kind text, private boolean, words text[], whole text, number boolean, most integer"


class Migration(migrations.Migration):
    """The search index of all rooms, kept by triggers and read through two functions; parties that are merged."""

    dependencies: ClassVar = [("relations", "0005_search_and_merge")]
    operations: ClassVar = [
        Wall("merge", app="SIU", update=["undone_on"]),
        Wall("searchentry", app="", guard="SIUD"),
        Sql("GRANT UPDATE (party_id) ON relations_proposal TO bo_app"),
        plain_function("search_words(said text) RETURNS text[] LANGUAGE plpgsql", WORDS, "sec_guard"),
        plain_function("search_text(parts text[]) RETURNS text LANGUAGE plpgsql", TEXT, "sec_guard"),
        plain_function(
            "search_lexemes(company bigint, kind text, words text, private_words text) RETURNS tsvector LANGUAGE plpgsql",
            LEXEMES,
            "sec_guard",
            cost=20_000,  # never a row at a time: the index holds what it makes
        ),
        plain_function(
            "search_query(scopes text[], words text[], head text, tail text) RETURNS tsquery LANGUAGE sql",
            QUERY,
            "sec_guard",
        ),
        Sql(
            "CREATE INDEX search_entry_found ON relations_searchentry "
            "USING gin (sec.search_lexemes(company_id, kind, words, private_words)) WITH (gin_pending_list_limit = 512)"
        ),
        *kept_in_search("party", name="party_searched", table="relations_party", rows=PARTIES),
        *watched("address", name="address_searched", table="relations_address", body=PART),
        *watched("bankaccount", name="account_searched", table="relations_bankaccount", body=PART),
        Definer(f"search_hits({HEAD}) RETURNS TABLE (id bigint, grade integer) LANGUAGE plpgsql", HITS, roles=()),
        Definer(
            "search(asked text, kinds text[], private_too boolean, most integer) "
            "RETURNS TABLE (kind text, id bigint, grade integer) LANGUAGE plpgsql",
            SEARCH,
        ),
        Definer(
            "search_portfolio(asked text, kinds text[], most integer) "
            "RETURNS TABLE (kind text, id bigint, grade integer) LANGUAGE sql",
            PORTFOLIO,
            roles=("bo_public",),
            volatility="STABLE",
        ),
        GuardTrigger("party", "party_merged", "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW", PARTY_MERGED),
        GuardTrigger(
            "proposal",
            "proposal_follows",
            "BEFORE UPDATE ON {table} FOR EACH ROW",
            follows_merge("party_id"),
        ),
    ]
