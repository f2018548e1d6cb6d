"""sec.search(): the one way to the search index (docs/search.md). It passes row security, since no operator that finds
part of a text is leakproof; so it works on the context's own company and door, and tells ids, never texts.
"""

# Entries of a kind in grades: every word whole, every word begun, every word somewhere within. `whole` is what was
# asked as one word, for numbers and accounts written with blanks or hyphens; `number`: look for nothing else. All stop
# at `most`; what is within words is looked for where less than ENOUGH is found.
ENOUGH = 50
HITS = f"""
DECLARE
  scopes text[] := ARRAY[company || '/' || kind || '/']
    || CASE WHEN private THEN ARRAY[company || '/' || kind || '+/'] END;
  asked tsquery[] := ARRAY[
    sec.search_query(scopes, ARRAY[whole], '^', ''), sec.search_query(scopes, ARRAY[whole], '^', ':*')];
  found bigint[] := '{{}}';
  fresh bigint[];
BEGIN
  IF NOT number THEN
    asked := ARRAY[sec.search_query(scopes, words, '^', '') || asked[1], sec.search_query(scopes, words, '^', ':*')
      || asked[2], sec.search_query(scopes, words, '', ':*')];
  END IF;
  FOR step IN 1..cardinality(asked) LOOP
    SELECT array_agg(m.id ORDER BY m.id DESC) INTO fresh FROM (
      SELECT e.subject_id AS id FROM public.relations_searchentry e
      WHERE sec.search_lexemes(e.company_id, e.kind, e.words, e.private_words) @@ asked[step]
        AND e.subject_id <> ALL (found)
      LIMIT most - cardinality(found)) m;
    RETURN QUERY SELECT u.id, step FROM unnest(fresh) u (id);
    found := found || COALESCE(fresh, '{{}}');
    EXIT WHEN cardinality(found) >= most OR (step = 2 AND cardinality(found) >= {ENOUGH});
  END LOOP;
END
"""  # noqa: S608 (a number of ours)
# Each word in one of the scopes, from its start (`head`) or also from within, and begun where `tail` says so. One or
# two digits beside other words are whole, as a letter or a particle is that isn't the last word: else a house number
# meets half, and “van” each name that begins with it.
PARTICLE = "^(.|da|de|del|den|der|des|di|het|la|le|op|te|ten|ter|van|vom|von|zu|zum|zur)$"
QUERY = f"""
  SELECT string_agg('(' || w.either || ')', ' & ' ORDER BY w.place)::tsquery
  FROM (SELECT said.place, (
      SELECT string_agg('''' || scope || mark || said.word || '''' || CASE WHEN said.short THEN '' ELSE tail END, ' | ')
      FROM unnest(scopes) scope, unnest(CASE WHEN head = '' AND NOT said.short AND length(said.word) > 2
        THEN ARRAY['', '^'] ELSE ARRAY['^'] END) mark) AS either
    FROM (SELECT word, place, cardinality(words) > 1
        AND (word ~ '^[0-9]{{1,2}}$' OR (place < cardinality(words) AND word ~ '{PARTICLE}')) AS short
      FROM unnest(words) WITH ORDINALITY u (word, place)) said) w
"""  # noqa: S608 (a constant)
# What hangs on the parties and applications that were found is found with them.
SEARCH = """
DECLARE
  here bigint := sec.company();
  words text[] := (sec.search_words(asked))[1:8];
  whole text := array_to_string(words, '');
  holders bigint[]; holder_grades integer[];
  applied bigint[]; applied_grades integer[];
  sought text;
  number boolean;
  told boolean := false;
BEGIN
  IF sec.door() IS DISTINCT FROM 'office' OR whole = '' OR most NOT BETWEEN 1 AND 1000 THEN
    RETURN;
  END IF;
  -- A number or mail that is there, or begins one, is what was meant; only otherwise its parts are looked for.
  FOREACH number IN ARRAY CASE
      WHEN (whole ~ '[0-9]' OR strpos(asked, '@') > 0) AND length(whole) > 3 THEN ARRAY[true, false]
      ELSE ARRAY[false] END
  LOOP
    SELECT COALESCE(array_agg(h.id), '{}'), COALESCE(array_agg(h.grade), '{}') INTO holders, holder_grades
      FROM (SELECT * FROM sec.search_hits(here, 'party', private_too, words, whole, number, most)
            WHERE kinds && ARRAY['party', 'policy', 'invoice'] ORDER BY 2, 1 DESC) h;
    SELECT COALESCE(array_agg(h.id), '{}'), COALESCE(array_agg(h.grade), '{}') INTO applied, applied_grades
      FROM (SELECT * FROM sec.search_hits(here, 'application', private_too, words, whole, number, most)
            WHERE kinds && ARRAY['application', 'quotation'] ORDER BY 2, 1 DESC) h;
    FOREACH sought IN ARRAY kinds LOOP
      IF sought = 'party' THEN
        RETURN QUERY SELECT sought, u.id, u.grade FROM unnest(holders, holder_grades) u (id, grade);
      ELSIF sought = 'application' THEN
        RETURN QUERY SELECT sought, u.id, u.grade FROM unnest(applied, applied_grades) u (id, grade);
      ELSIF sought = 'quotation' THEN
        RETURN QUERY SELECT sought, u.id, min(u.grade) FROM (
          (SELECT h.id, h.grade FROM sec.search_hits(here, sought, false, words, whole, number, most) h)
          UNION ALL (SELECT q.subject_id, a.grade FROM unnest(applied, applied_grades) a (id, grade)
            JOIN public.relations_searchentry e
              ON e.company_id = here AND e.kind = 'application' AND e.subject_id = a.id
            JOIN public.relations_searchentry q ON q.company_id = here AND q.case_id = e.case_id AND q.kind = sought
            ORDER BY a.grade LIMIT most)) u (id, grade)
        GROUP BY u.id ORDER BY 3, 2 DESC LIMIT most;
      ELSIF sought IN ('policy', 'invoice') THEN
        RETURN QUERY SELECT sought, u.id, min(u.grade) FROM (
          (SELECT h.id, h.grade FROM sec.search_hits(here, sought, false, words, whole, number, most) h)
          UNION ALL (SELECT e.subject_id, p.grade FROM unnest(holders, holder_grades) p (id, grade)
            CROSS JOIN LATERAL (SELECT p.id UNION ALL SELECT g.id FROM public.relations_party g
              WHERE g.company_id = here AND g.merged_into_id = p.id) same (id)
            JOIN public.relations_searchentry e ON e.company_id = here AND e.party_id = same.id AND e.kind = sought
            ORDER BY p.grade LIMIT most)) u (id, grade)
        GROUP BY u.id ORDER BY 3, 2 DESC LIMIT most;
      END IF;
      told := told OR FOUND;
    END LOOP;
    EXIT WHEN told;
  END LOOP;
END
"""
# What a list is narrowed to, as a part of its statement: all that hold the words, in no order.
WITHIN = """
  SELECT sec.search_query(s.scopes, words, '', ':*')
    || sec.search_query(s.scopes, ARRAY[array_to_string(words, '')], '^', ':*')
  FROM (SELECT ARRAY[company || '/' || kind || '/']
    || CASE WHEN private THEN ARRAY[company || '/' || kind || '+/'] END AS scopes) s
"""
LIST = """
DECLARE
  here bigint := sec.company();
  words text[] := (sec.search_words(asked))[1:8];
  own tsquery; above tsquery;
BEGIN
  IF sec.door() IS DISTINCT FROM 'office' OR words = '{}' OR most NOT BETWEEN 1 AND 100000 THEN
    RETURN;
  END IF;
  own := sec.search_within(here, sought, private_too, words);
  IF sought IN ('policy', 'invoice') THEN
    above := sec.search_within(here, 'party', false, words);
    RETURN QUERY SELECT u.id FROM (
      SELECT e.subject_id AS id FROM public.relations_searchentry e
      WHERE sec.search_lexemes(e.company_id, e.kind, e.words, e.private_words) @@ own
      UNION SELECT e.subject_id FROM public.relations_searchentry p
      CROSS JOIN LATERAL (SELECT p.subject_id AS id UNION ALL SELECT g.id FROM public.relations_party g
        WHERE g.company_id = here AND g.merged_into_id = p.subject_id) same
      JOIN public.relations_searchentry e ON e.company_id = here AND e.party_id = same.id AND e.kind = sought
      WHERE sec.search_lexemes(p.company_id, p.kind, p.words, p.private_words) @@ above) u LIMIT most;
  ELSIF sought = 'quotation' THEN
    above := sec.search_within(here, 'application', false, words);
    RETURN QUERY SELECT u.id FROM (
      SELECT e.subject_id AS id FROM public.relations_searchentry e
      WHERE sec.search_lexemes(e.company_id, e.kind, e.words, e.private_words) @@ own
      UNION SELECT q.subject_id FROM public.relations_searchentry a
      JOIN public.relations_searchentry q ON q.company_id = here AND q.case_id = a.case_id AND q.kind = sought
      WHERE sec.search_lexemes(a.company_id, a.kind, a.words, a.private_words) @@ above) u LIMIT most;
  ELSE
    RETURN QUERY SELECT e.subject_id FROM public.relations_searchentry e
      WHERE sec.search_lexemes(e.company_id, e.kind, e.words, e.private_words) @@ own LIMIT most;
  END IF;
END
"""
# An adviser's portfolio is small, and read whole: what stands on his own cases, and the applicant told there. Words
# hold letters and digits alone, so none is a pattern of LIKE.
PORTFOLIO = """
  WITH asked AS MATERIALIZED (
    SELECT array_to_string(s.w, '') AS whole, array(SELECT '%' || word || '%' FROM unnest(s.w) word) AS within,
      array(SELECT '% ' || word || '%' FROM unnest(s.w) word) AS begun
    FROM (SELECT (sec.search_words($1))[1:8] AS w) s
  ), here AS MATERIALIZED (
    SELECT sec.company() AS company, sec.party() AS adviser WHERE sec.door() = 'advisers'
  ), own AS MATERIALIZED (
    SELECT e.id, e.kind, e.subject_id, e.case_id, ' ' || e.words || ' ' AS words,
      concat_ws(' ', '', e.words, e.private_words) AS said
    FROM public.relations_searchentry e
    WHERE e.company_id = (SELECT company FROM here) AND e.adviser_id = (SELECT adviser FROM here)
  )
  SELECT e.kind::text, e.subject_id,
    CASE WHEN e.words LIKE '% ' || asked.whole || ' %' THEN 1 WHEN t.said LIKE ALL (asked.begun) THEN 2 ELSE 3 END
  FROM asked, own e
  LEFT JOIN own a ON a.case_id = e.case_id AND a.kind = 'application' AND a.id <> e.id,
  LATERAL (SELECT e.said || COALESCE(a.said, '') AS said) t
  WHERE e.kind = ANY ($2) AND asked.whole <> '' AND $3 BETWEEN 1 AND 1000
    AND (t.said LIKE ALL (asked.within) OR strpos(t.said, ' ' || asked.whole) > 0)
  ORDER BY 3, 2 DESC LIMIT $3
"""
