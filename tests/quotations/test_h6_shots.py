import os
from pathlib import Path
from datetime import timedelta
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from tests import given
from companies.models import Link
from companies.links import secret_of
from applications import forms
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
OUT = Path("/tmp/h6/shots")

@pytest.mark.django_db(transaction=True)
def test_shots(live_server, settings, monkeypatch):
    settings.ROOT_URLCONF = "config.urls.public"
    monkeypatch.setattr(forms, "FASTEST", timedelta(seconds=0))
    c = given.provider(); given.adviser(c); given.company("leeg")
    q = given.quotation(c, code="ilse-markus")
    p = given.provider("kustwacht", given.PLANS)
    q2 = given.quotation(p, answers={"start_date": "2026-12-01", "insured_sum": "100000.00"})
    pol = given.policy(c, answers={**given.TRAILER_ANSWERS, "age_months": 20})
    def link(c, case_id, who="customer"):
        with given.inside(c):
            return f"/{c.slug}/c/{secret_of(Link.objects.get(case_id=case_id, kind='case', addressee=who).nonce)}/"
    langs = os.environ.get("LANGS", "en nl").split()
    with sync_playwright() as pw:
        b = pw.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for w, h, scheme in [(1400, 900, "light"), (390, 844, "light"), (1400, 900, "dark")]:
            for lang in langs:
                if scheme == "dark" and lang != langs[-1]: continue
                ctx = b.new_context(viewport={"width": w, "height": h}, color_scheme=scheme, locale=lang)
                page = ctx.new_page()
                page.on("console", lambda m: print("CONSOLE", m.text) if m.type == "error" else None)
                def shot(name, full=True):
                    page.wait_for_timeout(60)
                    page.screenshot(path=OUT / f"{name}-{lang}-{w}-{scheme}.png", full_page=full)
                    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"): print("WIDE", name, lang, w)
                    r = Axe().run(page)
                    if r.violations_count: print("AXE", name, lang, w, scheme, [(x["id"], [n["html"][:200] for n in x["nodes"][:3]]) for x in r.response["violations"]])
                def go(path): page.goto(live_server.url + path)
                go("/duinhaven/apply/"); shot("list")
                go("/leeg/apply/"); shot("empty")
                go("/duinhaven/apply/nl-horse-trailer/via/nobody/"); shot("refused")
                go("/duinhaven/apply/nl-horse-trailer/via/ilse-markus/"); shot("start")
                page.click(".foot-acts button"); shot("start-errors")
                page.fill("[name=start_date]", "2026-12-01"); page.fill("[name=catalogue_value]", "8500"); page.fill("[name=age_months]", "12")
                page.check("[name=area_of_use][value=NL]"); page.check("[name=theft_devices][value=coupling_lock]")
                page.click(".foot-acts button"); shot("follow")
                page.check("[name=bought_new][value=yes]"); page.click(".foot-acts button"); shot("details")
                page.click(".foot-acts button"); shot("details-errors")
                page.check("[name=kind][value=person]")
                for k, v in dict(given_names="Sanne", name="Verbruggen", birth_date="1986-04-17", street="Dorpsstraat", house_number="12", postcode="4381ab", city="Vlissingen", email="sanne@verbruggen.example").items(): page.fill(f"[name={k}]", v)
                page.click(".foot-acts button"); shot("review")
                page.click("form.send button.btn-main"); shot("review-errors")
                page.check("[name=declared]"); page.click("form.send button.btn-main"); shot("waiting")
                assert page.url.endswith("/outcome/"), page.url
                given.work(c)
                page.wait_for_timeout(3000); shot("outcome")
                go(link(c, q.case_id)); shot("quotation"); shot("quotation-top", False)
                page.click("form.order button.btn-main"); shot("quotation-errors")
                go(link(c, q.case_id, "adviser")); shot("quotation-adviser")
                go(link(p, q2.case_id)); shot("plans"); page.click("details summary") ; shot("plans-open")
                go(link(c, pol.case_id)); shot("ordered")
                go(link(c, pol.case_id) + "order/"); shot("order-done")
                q3 = given.quotation(c); go(link(c, q3.case_id))
                page.fill("[name=birth_date]", "1986-04-18"); page.check("[name=agreed]"); page.click("form.order button.btn-main"); shot("order-waiting")
                given.work(c); page.wait_for_timeout(2600); shot("order-refused")
                ctx.close()
        b.close()
