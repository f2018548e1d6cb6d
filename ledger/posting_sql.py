"""sec.post: one call writes entries, their lines in one statement, open items, numbers and seals. It runs as its
caller,
behind the wall; the guards run beneath it. As the second migration lays it.

Its rows are (key, entry_id, journal, year, number, outcome): posted now, again (the key's first entry, of the same
content),
other (the key's first entry has another content); or, with nothing written, no_journal and no_account with the
missing word.
"""

POST = """
CREATE FUNCTION sec.post(entries jsonb, journals text[], roles text[], codes text[])
RETURNS TABLE (key text, entry_id bigint, journal text, year integer, number bigint, outcome text)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $body$
#variable_conflict use_column
DECLARE
  here bigint := sec.company(); v_ids bigint[]; v_keys text[];
BEGIN
  IF here IS NULL THEN
    RAISE EXCEPTION 'nothing is posted outside a company' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY SELECT x.what, NULL::bigint, NULL::text, NULL::integer, NULL::bigint, x.missing FROM (
    SELECT u.what, 'no_journal' AS missing FROM unnest(journals) u(what)
      WHERE NOT EXISTS (SELECT FROM public.ledger_journal j WHERE j.company_id = here AND j.code = u.what)
    UNION ALL SELECT u.what, 'no_account' FROM unnest(roles) u(what)
      WHERE NOT EXISTS (SELECT FROM public.ledger_account a WHERE a.company_id = here AND a.role = u.what)
    UNION ALL SELECT u.what, 'no_account' FROM unnest(codes) u(what)
      WHERE NOT EXISTS (SELECT FROM public.ledger_account a WHERE a.company_id = here AND a.code = u.what)) x;
  IF FOUND THEN
    RETURN;
  END IF;
  WITH made AS (
    INSERT INTO public.ledger_entry (company_id, journal_id, booked_on, source, reference, key, fingerprint, line_count,
      total, reversal_of_id, case_id, actor_kind, user_id, membership_id, link_id, job_id)
    SELECT here, j.id, a.booked_on, a.source, a.reference, a.key, decode(a.fingerprint, 'hex'), a.line_count,
      a.total, a.reversal_of, a.case_id, a.actor_kind, a.user_id, a.membership_id, a.link_id, a.job_id
    FROM jsonb_to_recordset(entries) AS a(journal text, booked_on date, source text, reference text, key text,
      fingerprint text, line_count integer, total numeric, reversal_of bigint, case_id bigint, actor_kind text,
      user_id bigint, membership_id bigint, link_id bigint, job_id bigint)
    LEFT JOIN public.ledger_journal j ON j.company_id = here AND j.code = a.journal
    ON CONFLICT (company_id, key) DO NOTHING
    RETURNING id, key
  )
  SELECT array_agg(m.id), array_agg(m.key) INTO v_ids, v_keys FROM made m;
  IF v_ids IS NOT NULL THEN
    WITH fresh AS (
      SELECT n.id AS entry_id, e.value AS entry
      FROM jsonb_array_elements(entries) e JOIN unnest(v_ids, v_keys) AS n(id, key) ON n.key = e.value ->> 'key'
    ), drafts AS MATERIALIZED (
      SELECT f.entry_id, (f.entry ->> 'booked_on')::date AS booked_on, f.entry ->> 'reference' AS reference,
        l.*, coalesce(r.id, c.id) AS account_id, coalesce(r.control, c.control) AS control
      FROM fresh f
      CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(f.entry -> 'lines') AS (role text, account text, debit numeric,
        credit numeric, party_id bigint, case_id bigint, invoice_id bigint, product_id bigint, line_of_business text,
        section_id bigint, insurer_id bigint, appointment_id bigint, tax_code text, tax_country text, due_date date,
        value_date date, cost_centre text, items jsonb)) WITH ORDINALITY AS l(role, account, debit, credit, party_id,
        case_id, invoice_id, product_id, line_of_business, section_id, insurer_id, appointment_id, tax_code,
          tax_country,
        due_date, value_date, cost_centre, items, place)
      LEFT JOIN public.ledger_account r ON r.company_id = here AND r.role = l.role
      LEFT JOIN public.ledger_account c ON c.company_id = here AND c.code = l.account
    ), lines AS (
      INSERT INTO public.ledger_line (company_id, entry_id, position, account_id, booked_on, debit, credit, party_id,
        case_id, invoice_id, product_id, line_of_business, section_id, insurer_id, appointment_id, tax_code,
          tax_country,
        due_date, value_date, cost_centre)
      SELECT here, d.entry_id, d.place, d.account_id, d.booked_on, d.debit, d.credit, d.party_id,
        d.case_id, d.invoice_id, d.product_id, d.line_of_business, d.section_id, d.insurer_id, d.appointment_id,
        d.tax_code, d.tax_country, d.due_date, d.value_date, d.cost_centre
      FROM drafts d
      RETURNING id, entry_id, position
    ), items AS (
      SELECT d.entry_id, d.place, d.account_id, d.party_id, d.reference, i.place AS position,
        (i.value ->> 0)::date AS due_date, (i.value ->> 1)::numeric AS amount
      FROM drafts d CROSS JOIN LATERAL jsonb_array_elements(d.items) WITH ORDINALITY AS i(value, place)
      UNION ALL
      SELECT d.entry_id, d.place, d.account_id, d.party_id, d.reference, 1, coalesce(d.due_date, d.booked_on),
        d.debit - d.credit
      FROM drafts d WHERE d.items IS NULL AND d.control <> 'none'
    ), numbered AS (
      SELECT i.*, row_number() OVER (ORDER BY i.entry_id, i.place, i.position) AS nth, count(*) OVER ()::integer AS n
      FROM items i
    ), block AS MATERIALIZED (
      SELECT sec.open_item_numbers(x.n) AS numbers FROM (SELECT n FROM numbered LIMIT 1) x
    )
    INSERT INTO public.ledger_openitem (company_id, entry_id, line_id, position, number, account_id, party_id, due_date,
      amount, reference)
    SELECT here, i.entry_id, l.id, i.position, b.numbers[i.nth], i.account_id, i.party_id, i.due_date, i.amount,
      i.reference
    FROM numbered i CROSS JOIN block b JOIN lines l ON l.entry_id = i.entry_id AND l.position = i.place;
    PERFORM sec.seal(v_ids);
  END IF;
  RETURN QUERY
    SELECT a.key, e.id, j.code::text, s.year::integer, s.number, CASE WHEN e.id = ANY (v_ids) THEN 'posted'
      WHEN encode(e.fingerprint, 'hex') = a.fingerprint THEN 'again' ELSE 'other' END
    FROM jsonb_to_recordset(entries) AS a(key text, fingerprint text)
    CROSS JOIN LATERAL (SELECT x.id, x.journal_id, x.fingerprint FROM public.ledger_entry x
      WHERE x.company_id = here AND x.key = a.key OFFSET 0) e
    CROSS JOIN LATERAL (SELECT x.code FROM public.ledger_journal x
      WHERE x.company_id = here AND x.id = e.journal_id OFFSET 0) j
    CROSS JOIN LATERAL (SELECT x.year, x.number FROM public.ledger_seal x
      WHERE x.company_id = here AND x.entry_id = e.id OFFSET 0) s;
END
$body$"""

GRANT_POST = [
    "REVOKE ALL ON FUNCTION sec.post(jsonb, text[], text[], text[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION sec.post(jsonb, text[], text[], text[]) TO bo_app",
]
