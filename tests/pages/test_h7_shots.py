import os, sys
from pathlib import Path
import pytest
from playwright.sync_api import sync_playwright
from axe_playwright_python.sync_playwright import Axe
from tests import given, world
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
OUT = Path("/tmp/h7/shots"); OUT.mkdir(exist_ok=True)

@pytest.mark.django_db(transaction=True)
def test_shots(live_server):
    w = world.build()
    for n in range(4):
        given.quotation(w.company, code="ilse-markus" if n % 2 else None, holder={**given.HOLDER, "name": ["Van Rossem", "Haddad", "Brandt", "Sorensen"][n], "email": f"p{n}@x.example", "given_names": ["Pieter","Rami","Ida","Nils"][n]})
    given.quotation.__wrapped__ if False else None
    opened = given.draft(w.company, answers={**given.TRAILER_ANSWERS, "theft_devices": ["none"]}, code="ilse-markus")
    world.employee(w.company, "maud.terwiel@x.example", *[(p, r) for p in world.PartCode for r in world.Right], acts=tuple(world.Act), administrator=True)
    import json
    d = json.loads(Path("products/catalogue/nl-horse-trailer.json").read_text())
    from products.services import life
    from companies.models import Membership
    with given.inside(w.company):
        m = Membership.objects.get(user__email="author@duinhaven.example"); actor = given.actor_of(m)
    with given.inside(w.company, actor):
        v = life.draft_version(definition=d, company=w.company, actor=actor, on=given.DAY); life.submit_version(version=v, actor=actor, on=given.DAY)
        from relations.models import Proposal
        from companies.models import Job
    with given.inside(w.company):
        Proposal.objects.create(party=w.policy.holder, case_id=w.case.pk, changes={"phone": "0612345678", "city": "Goes"})
    pages = {"landing": "/", "login": "/accounts/login/"}
    o = "/duinhaven/office/"
    office = {"today": o, "applications": o+"applications/", "quotations": o+"quotations/", "policies": o+"policies/", "invoices": o+"invoices/", "relations": o+"relations/", "proposals": o+"relations/proposals/", "products": o+"products/", "upload": o+"products/new/", "jobs": o+"jobs/",
      "case": o+f"cases/{w.case.number}/", **{f"case-{t}": o+f"cases/{w.case.number}/{t}/" for t in "answers documents messages decision timeline".split()}, "case-quotation": o+f"cases/{w.quotation.case.number}/",
      "party": o+f"relations/{w.policy.holder.number}/", "adviser": o+f"relations/{w.adviser.number}/", "version": o+f"products/{w.version.product.slug}/1/", "version2": o+f"products/{w.version.product.slug}/2/", "empty": o+"policies/?q=zzzz", "filtered": o+"quotations/?state=open&adviser=direct"}
    ad = {"portfolio": "/duinhaven/advisers/", "links": "/duinhaven/advisers/links/", "adviser-case": f"/duinhaven/advisers/cases/{w.case.number}/"}
    wanted = os.environ.get("SHOTS", "").split()
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        def shoot(client, pages):
            cookie = client.cookies.get("session") if client else None
            for (width, height, scheme, lang) in [(1400, 900, "light", "en"), (390, 844, "light", "nl"), (1400, 900, "dark", "nl")]:
                ctx = b.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale=lang)
                if cookie: ctx.add_cookies([{"name": "session", "value": cookie.value, "url": live_server.url}])
                page = ctx.new_page()
                page.on("console", lambda m: print("CONSOLE", m.text) if m.type == "error" else None)
                for name, path in pages.items():
                    if wanted and name not in wanted: continue
                    r = page.goto(live_server.url + path); page.wait_for_timeout(60)
                    assert r.status == 200, (name, r.status)
                    page.screenshot(path=OUT / f"{name}-{width}-{scheme}.png")
                    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
                    if wide: print("WIDE", name, width)
                    res = Axe().run(page)
                    if res.violations_count: print("AXE", name, width, scheme, [(x["id"], [n["html"][:160] for n in x["nodes"][:3]]) for x in res.response["violations"]])
                ctx.close()
        shoot(None, pages)
        shoot(world.client_of("maud.terwiel@x.example"), office)
        shoot(world.client_of("ilse@kroonlaan.example"), ad)
        b.close()
