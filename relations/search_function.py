"""sec.search(): the one way to the search index (docs/search.md). It passes row security, since no operator that finds
part of a text is leakproof; so it works on the context's own company and door, and tells ids, never texts.
"""

# Entries of a kind in three grades: every word whole, every word begun, every word somewhere within. `whole` is what
# was asked as one word, for numbers and accounts written with blanks or hyphens. Each grade stops at `most`.
HITS = """
DECLARE
  scopes text[] := ARRAY[company || '/' || kind || '/']
    || CASE WHEN private THEN ARRAY[company || '/' || kind || '+/'] END;
  asked tsquery[] := ARRAY[
    sec.search_query(scopes, words, '^', '') || sec.search_query(scopes, ARRAY[whole], '^', ''),
    sec.search_query(scopes, words, '^', ':*') || sec.search_query(scopes, ARRAY[whole], '^', ':*'),
    sec.search_query(scopes, words, '', ':*')];
  found bigint[] := '{}';
  fresh bigint[];
BEGIN
  FOR step IN 1..3 LOOP
    SELECT array_agg(m.id ORDER BY m.id DESC) INTO fresh FROM (
      SELECT e.subject_id AS id FROM public.relations_searchentry e
      WHERE sec.search_lexemes(e.company_id, e.kind, e.words, e.private_words) @@ asked[step]
        AND e.subject_id <> ALL (found)
      LIMIT most - cardinality(found)) m;
    RETURN QUERY SELECT u.id, step FROM unnest(fresh) u (id);
    found := found || COALESCE(fresh, '{}');
    EXIT WHEN cardinality(found) >= most;
  END LOOP;
END
"""
# Each word in one of the scopes, begun there where `tail` says so; from within a word also at its start.
QUERY = """
  SELECT string_agg('(' || w.either || ')', ' & ')::tsquery
  FROM (SELECT (SELECT string_agg('''' || scope || mark || word || '''' || tail, ' | ')
                FROM unnest(scopes) scope,
                  unnest(CASE head WHEN '' THEN ARRAY['', '^'] ELSE ARRAY[head] END) mark) AS either
        FROM unnest(words) word) w
"""
# What hangs on the parties and applications that were found is found with them.
SEARCH = """
DECLARE
  here bigint := sec.company();
  words text[] := (sec.search_words(asked))[1:8];
  whole text := array_to_string(words, '');
  holders bigint[] := '{}'; holder_grades integer[] := '{}';
  applied bigint[] := '{}'; applied_grades integer[] := '{}';
  sought text;
BEGIN
  IF sec.door() IS DISTINCT FROM 'office' OR whole = '' OR most NOT BETWEEN 1 AND 1000 THEN
    RETURN;
  END IF;
  IF kinds && ARRAY['party', 'policy', 'invoice'] THEN
    SELECT COALESCE(array_agg(h.id), '{}'), COALESCE(array_agg(h.grade), '{}') INTO holders, holder_grades
      FROM (SELECT * FROM sec.search_hits(here, 'party', private_too, words, whole, most) ORDER BY 2, 1 DESC) h;
  END IF;
  IF kinds && ARRAY['application', 'quotation'] THEN
    SELECT COALESCE(array_agg(h.id), '{}'), COALESCE(array_agg(h.grade), '{}') INTO applied, applied_grades
      FROM (SELECT * FROM sec.search_hits(here, 'application', private_too, words, whole, most) ORDER BY 2, 1 DESC) h;
  END IF;
  FOREACH sought IN ARRAY kinds LOOP
    IF sought = 'party' THEN
      RETURN QUERY SELECT sought, u.id, u.grade FROM unnest(holders, holder_grades) u (id, grade);
    ELSIF sought = 'application' THEN
      RETURN QUERY SELECT sought, u.id, u.grade FROM unnest(applied, applied_grades) u (id, grade);
    ELSIF sought = 'quotation' THEN
      RETURN QUERY SELECT sought, u.id, min(u.grade) FROM (
        (SELECT h.id, h.grade FROM sec.search_hits(here, sought, false, words, whole, most) h)
        UNION ALL (SELECT q.subject_id, a.grade FROM unnest(applied, applied_grades) a (id, grade)
          JOIN public.relations_searchentry e ON e.company_id = here AND e.kind = 'application' AND e.subject_id = a.id
          JOIN public.relations_searchentry q ON q.company_id = here AND q.case_id = e.case_id AND q.kind = sought
          ORDER BY a.grade LIMIT most)) u (id, grade)
      GROUP BY u.id ORDER BY 3, 2 DESC LIMIT most;
    ELSIF sought IN ('policy', 'invoice') THEN
      RETURN QUERY SELECT sought, u.id, min(u.grade) FROM (
        (SELECT h.id, h.grade FROM sec.search_hits(here, sought, false, words, whole, most) h)
        UNION ALL (SELECT e.subject_id, p.grade FROM unnest(holders, holder_grades) p (id, grade)
          CROSS JOIN LATERAL (SELECT p.id UNION ALL SELECT g.id FROM public.relations_party g
            WHERE g.company_id = here AND g.merged_into_id = p.id) same (id)
          JOIN public.relations_searchentry e ON e.company_id = here AND e.party_id = same.id AND e.kind = sought
          ORDER BY p.grade LIMIT most)) u (id, grade)
      GROUP BY u.id ORDER BY 3, 2 DESC LIMIT most;
    END IF;
  END LOOP;
END
"""
# An adviser's portfolio is small, and read whole: what stands on his own cases, and the applicant told there.
PORTFOLIO = """
  WITH asked AS (SELECT s.w, array_to_string(s.w, '') AS whole FROM (SELECT (sec.search_words($1))[1:8] AS w) s)
  SELECT e.kind::text, e.subject_id,
    CASE WHEN ' ' || e.words || ' ' LIKE '% ' || asked.whole || ' %' THEN 1
      WHEN (SELECT bool_and(strpos(' ' || t.said, ' ' || word) > 0) FROM unnest(asked.w) word) THEN 2 ELSE 3 END
  FROM asked, public.relations_searchentry e
  LEFT JOIN public.relations_searchentry a
    ON a.company_id = e.company_id AND a.case_id = e.case_id AND a.kind = 'application' AND a.id <> e.id,
  LATERAL (SELECT concat_ws(' ', e.words, e.private_words, a.words, a.private_words) AS said) t
  WHERE sec.door() = 'advisers' AND e.company_id = sec.company() AND e.adviser_id = sec.party()
    AND e.kind = ANY ($2) AND asked.whole <> '' AND $3 BETWEEN 1 AND 1000
    AND (strpos(' ' || t.said, ' ' || asked.whole) > 0
      OR (SELECT bool_and(strpos(t.said, word) > 0) FROM unnest(asked.w) word))
  ORDER BY 3, 2 DESC LIMIT $3
"""
