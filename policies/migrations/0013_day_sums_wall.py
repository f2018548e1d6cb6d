from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, GuardTrigger, Sql, Wall

# Adds to a row of the day and product that nobody holds, or begins one: no transaction waits for another's figures.
ADD_HEAD = (
    'add_day_sum(company bigint, "on" date, product bigint, policies integer, net numeric, tax numeric, '
    "fees numeric, total numeric) RETURNS void LANGUAGE plpgsql"
)
ADD = """
DECLARE free bigint;
BEGIN
  SELECT s.id INTO free FROM public.policies_daysum s WHERE s.company_id = add_day_sum.company
    AND s."on" = add_day_sum."on" AND s.product_id = add_day_sum.product ORDER BY s.id LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED;
  IF FOUND THEN
    UPDATE public.policies_daysum s SET policies = s.policies + add_day_sum.policies, net = s.net + add_day_sum.net,
      tax = s.tax + add_day_sum.tax, fees = s.fees + add_day_sum.fees, total = s.total + add_day_sum.total
    WHERE s.company_id = add_day_sum.company AND s.id = free;
  ELSE
    INSERT INTO public.policies_daysum (company_id, "on", product_id, policies, net, tax, fees, total)
    VALUES (add_day_sum.company, add_day_sum."on", add_day_sum.product, add_day_sum.policies, add_day_sum.net,
      add_day_sum.tax, add_day_sum.fees, add_day_sum.total);
  END IF;
END
"""
ORDERED = """
DECLARE r record;
BEGIN
  FOR r IN SELECT f.company_id, o."on", f.product_id, count(*)::integer AS policies FROM fresh f
      JOIN public.quotations_order o ON o.company_id = f.company_id AND o.id = f.order_id GROUP BY 1, 2, 3 LOOP
    PERFORM sec.add_day_sum(r.company_id, r."on", r.product_id, r.policies, 0, 0, 0, 0);
  END LOOP;
  RETURN NULL;
END
"""
INVOICED = """
DECLARE r record;
BEGIN
  FOR r IN SELECT f.company_id, f.invoiced_on, p.product_id, sum(f.net) AS net, sum(f.tax) AS tax, sum(f.fees) AS fees,
      sum(f.total) AS total FROM fresh f
      JOIN public.policies_policy p ON p.company_id = f.company_id AND p.id = f.policy_id GROUP BY 1, 2, 3 LOOP
    PERFORM sec.add_day_sum(r.company_id, r.invoiced_on, r.product_id, 0, r.net, r.tax, r.fees, r.total);
  END LOOP;
  RETURN NULL;
END
"""
WHAT_STANDS = """
INSERT INTO public.policies_daysum (company_id, "on", product_id, policies, net, tax, fees, total)
SELECT x.company_id, x."on", x.product_id, sum(x.policies), sum(x.net), sum(x.tax), sum(x.fees), sum(x.total) FROM (
  SELECT p.company_id, o."on", p.product_id, 1 AS policies, 0.00 AS net, 0.00 AS tax, 0.00 AS fees, 0.00 AS total
  FROM public.policies_policy p JOIN public.quotations_order o ON o.company_id = p.company_id AND o.id = p.order_id
  UNION ALL
  SELECT i.company_id, i.invoiced_on, p.product_id, 0, i.net, i.tax, i.fees, i.total
  FROM public.policies_invoice i JOIN public.policies_policy p ON p.company_id = i.company_id AND p.id = i.policy_id) x
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
AFTER_INSERT = "AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"


class Migration(migrations.Migration):
    """Figures are read from sums by day and product, which the database keeps; what was there before is summed once."""

    dependencies: ClassVar = [("policies", "0012_day_sums"), ("quotations", "0005_by_day")]
    operations: ClassVar = [
        Wall("daysum", app="S", guard="IU"),
        Definer(ADD_HEAD, ADD, roles=()),
        GuardTrigger("policy", "policy_summed", AFTER_INSERT, ORDERED),
        GuardTrigger("invoice", "invoice_summed", AFTER_INSERT, INVOICED),
        Sql("SET LOCAL ROLE sec_guard", WHAT_STANDS, "RESET ROLE"),
    ]
