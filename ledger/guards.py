"""The guards of the books, which run as sec_guard and have no switch: as the second migration lays them
(docs/ledger.md).

Every function works on the row's own company and takes NULL for a breach.
"""

# Plans are made once a session and by index: planning anew costs more than running, and a plan made while the books
# were empty would read whole tables later. OFFSET 0 keeps a look-up by key a look-up, for the same reason.
PLANS = "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off"

# What an entry is, found from its rows: sums, whether each line agrees with its account and its open items, and the
# digest.
FACTS = """
  SELECT l.n AS lines, l.debit, l.credit, l.agrees, sha256(convert_to(jsonb_build_array(
    j.code, e.booked_on, e.source, e.reference, e.key, encode(e.fingerprint, 'hex'), e.reversal_of_id, e.case_id,
    e.actor_kind, e.user_id, e.membership_id, e.link_id, e.job_id, extract(epoch FROM e.recorded_at),
    e.line_count, e.total, l.told)::text, 'UTF8')) AS digest
  FROM public.ledger_entry e
  CROSS JOIN LATERAL (SELECT j.code FROM public.ledger_journal j
    WHERE j.company_id = e.company_id AND j.id = e.journal_id OFFSET 0) j
  CROSS JOIN LATERAL (
    SELECT count(*) AS n, sum(l.debit) AS debit, sum(l.credit) AS credit,
      bool_and(l.booked_on = e.booked_on AND CASE WHEN a.control = 'none' THEN l.party_id IS NULL AND i.n = 0
        ELSE l.party_id IS NOT NULL AND i.n > 0 AND i.amount = l.debit - l.credit AND i.agrees END) AS agrees,
      jsonb_agg(jsonb_build_array(
        l.position, a.code, l.debit, l.credit, l.party_id, l.case_id, l.invoice_id, l.product_id, l.line_of_business,
        l.section_id, l.insurer_id, l.appointment_id, l.tax_code, l.tax_country, l.due_date, l.value_date,
          l.cost_centre,
        i.told) ORDER BY l.position) AS told
    FROM public.ledger_line l
    CROSS JOIN LATERAL (SELECT a.code, a.control FROM public.ledger_account a
      WHERE a.company_id = l.company_id AND a.id = l.account_id OFFSET 0) a
    CROSS JOIN LATERAL (
      SELECT count(*) AS n, sum(i.amount) AS amount,
        bool_and(i.account_id = l.account_id AND i.party_id = l.party_id AND i.entry_id = l.entry_id) AS agrees,
        jsonb_agg(jsonb_build_array(i.position, i.number, i.due_date, i.amount, i.reference) ORDER BY i.position) AS
          told
      FROM public.ledger_openitem i WHERE i.company_id = l.company_id AND i.line_id = l.id
    ) i
    WHERE l.company_id = e.company_id AND l.entry_id = e.id
  ) l
  WHERE e.company_id = {company} AND e.id = {entry}
"""

# As a function for who verifies. It isn't a definer: called by an employee it sees behind the wall.
ENTRY_FACTS = (
    """
CREATE FUNCTION sec.entry_facts(company bigint, entry bigint)
RETURNS TABLE (lines bigint, debit numeric, credit numeric, agrees boolean, digest bytea)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $body$"""
    + FACTS.format(company="$1", entry="$2")
    + "$body$"
)

ENTRY_WHOLE_HEAD = "entry_whole(company bigint, entry bigint) RETURNS bytea LANGUAGE plpgsql"
ENTRY_WHOLE = """
DECLARE here public.ledger_entry; facts record; v_company bigint := company; v_entry bigint := entry;
BEGIN
  SELECT * INTO here FROM public.ledger_entry x WHERE x.company_id = v_company AND x.id = v_entry;
  IF NOT FOUND OR here.xact IS DISTINCT FROM pg_current_xact_id() THEN
    RAISE EXCEPTION 'entry % is closed', v_entry USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT * INTO facts FROM ({facts}) found;
  IF (facts.lines, facts.debit, facts.credit) IS DISTINCT FROM (here.line_count::bigint, here.total, here.total) THEN
    RAISE EXCEPTION 'entry %: expected % lines of %, found %, debit %, credit %',
      v_entry, here.line_count, here.total, facts.lines, facts.debit, facts.credit USING ERRCODE =
      'integrity_constraint_violation';
  END IF;
  IF facts.agrees IS NOT TRUE OR facts.digest IS NULL THEN
    RAISE EXCEPTION 'entry %: a line on a control account needs a party and open items that sum to it, '
      'any other line has neither, and all have the day of the entry', v_entry USING ERRCODE =
      'integrity_constraint_violation';
  END IF;
  RETURN facts.digest;
END
""".replace("{facts}", FACTS.format(company="v_company", entry="v_entry"))

# Lines arrive whole, in one statement of the entry's own transaction; what they add to the accounts is written beside
# them.
LINES_WHOLE = """
DECLARE r record; e public.ledger_entry;
BEGIN
  FOR r IN SELECT f.company_id, f.entry_id, count(*) AS n, sum(f.debit) AS debit, sum(f.credit) AS credit,
      min(f.position) AS first, max(f.position) AS last FROM fresh f GROUP BY 1, 2 LOOP
    SELECT * INTO e FROM public.ledger_entry x WHERE x.company_id = r.company_id AND x.id = r.entry_id;
    IF NOT FOUND OR e.xact IS DISTINCT FROM pg_current_xact_id() OR EXISTS (
      SELECT FROM public.ledger_seal s WHERE s.company_id = r.company_id AND s.entry_id = r.entry_id) THEN
      RAISE EXCEPTION 'entry % is closed', r.entry_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (r.n, r.debit, r.credit, r.first, r.last)
        IS DISTINCT FROM (e.line_count::bigint, e.total, e.total, 1, e.line_count) THEN
      RAISE EXCEPTION 'entry %: expected % lines of %, found %, debit %, credit %',
        r.entry_id, e.line_count, e.total, r.n, r.debit, r.credit USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END LOOP;
  INSERT INTO public.ledger_delta (company_id, account_id, party_id, month, debit, credit)
  SELECT f.company_id, f.account_id, f.party_id, f.booked_on - (extract(day FROM f.booked_on)::int - 1),
    sum(f.debit), sum(f.credit) FROM fresh f GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END
"""

# Open items come before the seal; that they sum to their line is checked by the seal and again at commit.
ITEMS_OPEN = """
DECLARE r record;
BEGIN
  FOR r IN SELECT DISTINCT f.company_id, f.entry_id FROM fresh f LOOP
    IF NOT EXISTS (SELECT FROM public.ledger_entry e
        WHERE e.company_id = r.company_id AND e.id = r.entry_id AND e.xact = pg_current_xact_id())
      OR EXISTS (SELECT FROM public.ledger_seal s WHERE s.company_id = r.company_id AND s.entry_id = r.entry_id) THEN
      RAISE EXCEPTION 'entry % is closed', r.entry_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM fresh f LEFT JOIN LATERAL (SELECT l.entry_id FROM public.ledger_line l
      WHERE l.company_id = f.company_id AND l.id = f.line_id OFFSET 0) l ON true
      WHERE l.entry_id IS DISTINCT FROM f.entry_id) THEN
    RAISE EXCEPTION 'an open item belongs to a line of its entry' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
"""

# At commit, or before a scope is left: the entry is whole, numbered in the journal and year of its day, and rightly
# sealed.
ENTRY_FILLED = """
DECLARE v_digest bytea := sec.entry_whole(NEW.company_id, NEW.id); s public.ledger_seal;
BEGIN
  SELECT * INTO s FROM public.ledger_seal x WHERE x.company_id = NEW.company_id AND x.entry_id = NEW.id;
  IF NOT FOUND OR (s.seal = sha256(s.previous || v_digest) AND s.journal_id = NEW.journal_id
      AND s.year = extract(year FROM NEW.booked_on)) IS NOT TRUE THEN
    RAISE EXCEPTION 'entry % has no right seal', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
"""

SEAL_HEAD = "seal(entries bigint[]) RETURNS TABLE (entry_id bigint, number bigint) LANGUAGE plpgsql"
SEAL = """
#variable_conflict use_column
DECLARE
  here bigint := sec.company(); found_ bigint := 0; j record; h public.ledger_journalhead; one bigint;
  v_digest bytea; v_numbers bigint[]; v_previous bytea[]; v_seals bytea[];
BEGIN
  IF here IS NULL OR entries IS NULL THEN
    RAISE EXCEPTION 'nothing is sealed outside a company' USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR j IN SELECT e.journal_id, extract(year FROM e.booked_on)::smallint AS year, array_agg(e.id ORDER BY u.place) AS
    ids
      FROM unnest(entries) WITH ORDINALITY u(id, place)
      CROSS JOIN LATERAL (SELECT x.id, x.journal_id, x.booked_on FROM public.ledger_entry x
        WHERE x.company_id = here AND x.id = u.id OFFSET 0) e GROUP BY 1, 2 ORDER BY 1, 2 LOOP
    SELECT * INTO h FROM public.ledger_journalhead x
      WHERE x.company_id = here AND x.journal_id = j.journal_id AND x.year = j.year FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO public.ledger_journalhead (company_id, journal_id, year, last, head)
        VALUES (here, j.journal_id, j.year, 0, '') ON CONFLICT ON CONSTRAINT journal_head_once DO NOTHING;
      SELECT * INTO STRICT h FROM public.ledger_journalhead x
        WHERE x.company_id = here AND x.journal_id = j.journal_id AND x.year = j.year FOR UPDATE;
    END IF;
    v_numbers := '{}'; v_previous := '{}'; v_seals := '{}';
    FOREACH one IN ARRAY j.ids LOOP
      v_digest := sec.entry_whole(here, one);
      h.last := h.last + 1;
      v_numbers := v_numbers || h.last;
      v_previous := v_previous || h.head;
      h.head := sha256(h.head || v_digest);
      v_seals := v_seals || h.head;
    END LOOP;
    INSERT INTO public.ledger_seal (company_id, entry_id, journal_id, year, number, previous, seal)
      SELECT here, x.id, j.journal_id, j.year, x.number, x.previous, x.seal
      FROM unnest(j.ids, v_numbers, v_previous, v_seals) AS x(id, number, previous, seal);
    UPDATE public.ledger_journalhead x SET last = h.last, head = h.head WHERE x.company_id = here AND x.id = h.id;
    found_ := found_ + cardinality(j.ids);
    RETURN QUERY SELECT x.id, x.number FROM unnest(j.ids, v_numbers) AS x(id, number);
  END LOOP;
  IF found_ <> cardinality(entries) THEN
    RAISE EXCEPTION 'expected % entries of this company to seal, found %', cardinality(entries), found_
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END
"""

# Items are locked in the order of their numbers, so that two receipts can't both take the last euro of an instalment.
ALLOCATIONS_WITHIN = """
DECLARE r record; i public.ledger_openitem; o public.ledger_openitem; used numeric;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'allocations are written under read committed only' USING ERRCODE =
      'integrity_constraint_violation';
  END IF;
  FOR r IN SELECT f.company_id, f.debit_item_id AS id, true AS debit FROM fresh f
      UNION SELECT f.company_id, f.credit_item_id, false FROM fresh f ORDER BY 1, 2 LOOP
    SELECT * INTO i FROM public.ledger_openitem x WHERE x.company_id = r.company_id AND x.id = r.id FOR NO KEY UPDATE;
    IF r.debit THEN
      SELECT coalesce(sum(a.amount), 0) INTO used FROM public.ledger_allocation a
        WHERE a.company_id = r.company_id AND a.debit_item_id = r.id;
    ELSE
      SELECT coalesce(sum(a.amount), 0) INTO used FROM public.ledger_allocation a
        WHERE a.company_id = r.company_id AND a.credit_item_id = r.id;
    END IF;
    IF (i.amount > 0 AND r.debit OR i.amount < 0 AND NOT r.debit) IS NOT TRUE
        OR (used BETWEEN 0 AND abs(i.amount)) IS NOT TRUE THEN
      RAISE EXCEPTION 'open item %: expected between 0 and % allocated, found %', i.number, abs(i.amount), used
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END LOOP;
  FOR r IN SELECT DISTINCT f.company_id, f.debit_item_id, f.credit_item_id FROM fresh f LOOP
    SELECT * INTO i FROM public.ledger_openitem x WHERE x.company_id = r.company_id AND x.id = r.debit_item_id;
    SELECT * INTO o FROM public.ledger_openitem x WHERE x.company_id = r.company_id AND x.id = r.credit_item_id;
    SELECT sum(a.amount) INTO used FROM public.ledger_allocation a WHERE a.company_id = r.company_id
      AND a.debit_item_id = r.debit_item_id AND a.credit_item_id = r.credit_item_id;
    IF (i.account_id = o.account_id AND i.party_id = o.party_id AND used >= 0) IS NOT TRUE THEN
      RAISE EXCEPTION 'open items % and %: expected one account and party, and no more taken back than was allocated',
        i.number, o.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END
"""

# Numbers of open items come in a block; they may have gaps and nobody waits for them.
ITEM_NUMBERS_HEAD = "open_item_numbers(count integer) RETURNS bigint[] LANGUAGE plpgsql"
ITEM_NUMBERS = """
DECLARE series text := pg_catalog.format('numbers.c%s_open_item', sec.company()); numbers bigint[];
BEGIN
  IF sec.company() IS NULL OR count NOT BETWEEN 1 AND 1000000 THEN
    RAISE EXCEPTION 'no numbers here' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF pg_catalog.to_regclass(series) IS NULL THEN
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext(series));
    EXECUTE 'CREATE SEQUENCE IF NOT EXISTS ' || series;
  END IF;
  SELECT array_agg(pg_catalog.nextval(series::regclass) ) INTO numbers FROM generate_series(1, count);
  RETURN numbers;
END
"""

FOLD_HEAD = "fold_deltas(most integer) RETURNS bigint LANGUAGE plpgsql"
FOLD = """
DECLARE here bigint := sec.company(); removed bigint;
BEGIN
  IF here IS NULL THEN
    RAISE EXCEPTION 'nothing is folded outside a company' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_advisory_xact_lock(1279607876, (here % 2147483647)::int);
  WITH gone AS (
    DELETE FROM public.ledger_delta d WHERE d.company_id = here AND d.id IN (
      SELECT x.id FROM public.ledger_delta x WHERE x.company_id = here ORDER BY x.id LIMIT most)
    RETURNING d.account_id, d.party_id, d.month, d.debit, d.credit
  ), sums AS (
    SELECT g.account_id, NULL::bigint AS party_id, g.month, sum(g.debit) AS debit, sum(g.credit) AS credit
    FROM gone g GROUP BY g.account_id, g.month
    UNION ALL
    SELECT g.account_id, g.party_id, NULL, sum(g.debit), sum(g.credit)
    FROM gone g WHERE g.party_id IS NOT NULL GROUP BY g.account_id, g.party_id
  ), folded AS (
    INSERT INTO public.ledger_total AS t (company_id, account_id, party_id, month, debit, credit)
    SELECT here, s.account_id, s.party_id, s.month, s.debit, s.credit FROM sums s
    ON CONFLICT (company_id, account_id, party_id, month)
    DO UPDATE SET debit = t.debit + EXCLUDED.debit, credit = t.credit + EXCLUDED.credit
  )
  SELECT count(*) INTO removed FROM gone;
  RETURN removed;
END
"""

WITH_DELTAS_HEAD = "companies_with_deltas() RETURNS TABLE (company_id bigint) LANGUAGE sql"
WITH_DELTAS = """
SELECT c.id FROM public.companies_company c
WHERE EXISTS (SELECT FROM public.ledger_delta d WHERE d.company_id = c.id)
"""
