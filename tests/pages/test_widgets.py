"""Each widget as html: labels, descriptions, marks for screen readers; no inline style or script anywhere."""

from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django_cotton.compiler_regex import CottonCompiler

from common.forms import AmountField, DayField, LineField, OutcomeField, YesNoField
from companies.lists import MOST_LISTED, Pages

N = "\u00a0"


class Page(HTMLParser):
    """The elements of a piece of html, each a tag with its attributes, and all its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.html, self.text = html, ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag, **wanted):
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [a for t, a in self.elements if t == tag and all(a.get(n) == v for n, v in wanted.items())]

    def one(self, tag, **wanted):
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"Expected one {tag} {wanted}, found {len(found)} in {self.html}"
        return found[0]

    def ids(self):
        return [a["id"] for _tag, a in self.elements if "id" in a]


def render(source, query="", **context):
    """The source as a room would write it, through the engine of the settings."""
    request = RequestFactory().get(f"/things/{query}")
    with translation.override("en"):
        html = engines["django"].from_string(CottonCompiler().process(source)).render(context, request)
    page = Page(html)
    assert "<c-" not in html
    assert not [a for _tag, a in page.elements if "style" in a or any(name.startswith("on") for name in a)]
    assert len(page.ids()) == len(set(page.ids()))
    return page


class Upload(forms.Form):
    proof = forms.FileField(label="Proof")
    name = forms.CharField(max_length=3)


class Question(forms.Form):
    name = LineField(label="Name", help_text="As in the register.")
    turnover = AmountField(label="Turnover", at_least=Decimal("1000.00"))
    start = DayField(label="Start of cover", earliest=date(2026, 11, 24))
    frying = YesNoField(label="Do you fry?")
    decision = OutcomeField(
        label="Decision", outcomes=[("accept", "Accept", "The quotation goes out at once"), ("decline", "Decline", "")]
    )
    alarms = forms.MultipleChoiceField(
        label="Alarms", choices=[("a", "Fire"), ("b", "Burglar")], widget=forms.CheckboxSelectMultiple, required=False
    )
    kind = forms.ChoiceField(label="Kind", choices=[("s", "Shop"), ("h", "House")])
    remarks = forms.CharField(label="Remarks", widget=forms.Textarea, required=False)
    proof = forms.FileField(label="Proof", required=False)
    agree = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput, initial="x")


GOOD = {
    "name": "Zilvermeeuw",
    "turnover": "310,000",
    "start": "1-1-2027",
    "frying": "no",
    "decision": "accept",
    "kind": "s",
    "agree": "on",
    "token": "x",
}


def field(name, form=None, extra=""):
    form = form or Question()
    return render(f'<c-field :field="field" {extra} />', field=form[name])


@pytest.mark.parametrize("name", ["name", "start", "kind", "remarks", "proof", "turnover"])
def test_every_control_has_its_label(name):
    page = field(name)
    label = page.one("label")
    control = next(a for tag, a in page.elements if tag in {"input", "select", "textarea"})
    assert label["for"] == control["id"] == f"id_{name}"
    assert control["class"].split()[0] in {"input", "select", "area"}


def test_the_hint_is_joined_to_the_control():
    page = field("name")
    assert page.one("input")["aria-describedby"] == "id_name_hint"
    assert "id_name_hint" in page.ids()


def test_an_error_is_joined_to_the_control_and_marked():
    page = field("name", Question({}))
    control = page.one("input")
    assert control["aria-describedby"] == "id_name_hint id_name_error"
    assert control["aria-invalid"] == "true"
    assert {"id_name_hint", "id_name_error"} <= set(page.ids())
    assert "Expected an answer, found nothing." in page.text


def test_hint_and_label_are_given_where_the_field_is_used():
    page = field("name", extra='label="Trade name" hint="In full." :optional="True"')
    assert "Trade name" in page.text
    assert "In full." in page.text
    assert "optional" in page.text
    assert not field("name", extra=':help="False"').all("div", class_="hint")


def test_money_shows_its_currency_and_the_reader_s_own_writing():
    page = field("turnover", Question(initial={"turnover": Decimal("1234.5")}))
    control = page.one("input")
    assert (control["value"], control["inputmode"]) == ("1,234.50", "decimal")
    assert "€" in page.text


def test_a_few_short_choices_are_a_group_with_a_legend():
    page = field("frying", Question(initial={"frying": False}))
    assert page.one("fieldset")["id"] == "id_frying"
    assert page.one("legend")
    assert [a.get("checked") is not None or "checked" in a for a in page.all("input", type="radio")] == [False, True]
    assert [a["for"] for a in page.all("label")] == [a["id"] for a in page.all("input")]
    assert page.all("div", class_="pick pick-2")


def test_outcomes_tell_their_consequence():
    page = field("decision", Question({}))
    assert "The quotation goes out at once" in page.text
    assert page.one("fieldset")["aria-describedby"] == "id_decision_error"
    assert not any("aria-invalid" in a for a in page.all("input"))  # not allowed on a radio


def test_several_of_several_are_checkboxes_that_keep_their_ticks():
    page = field("alarms", Question({"alarms": ["b"]}))
    assert [("checked" in a, a["value"]) for a in page.all("input", type="checkbox")] == [(False, "a"), (True, "b")]


def test_one_checkbox_stands_before_its_sentence():
    page = field("agree")
    assert page.one("label", class_="check")["for"] == page.one("input")["id"]


def test_a_hidden_field_has_no_label():
    page = field("token")
    assert page.one("input")["type"] == "hidden"
    assert not page.all("label")


def test_texts_of_people_are_escaped():
    page = field("name", Question({"name": '"><script>alert(1)</script>'}))
    assert not page.all("script")
    notice = render('<c-notice kind="warn">{{ text }}</c-notice>', text="<b onclick=x>")
    assert "&lt;b onclick=x&gt;" in notice.html


def test_a_form_cleans_to_our_values():
    form = Question(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["turnover"] == Decimal("310000.00")
    assert form.cleaned_data["start"] == date(2027, 1, 1)
    assert form.cleaned_data["frying"] is False


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("turnover", "4O.00", "Expected an amount, found “4O.00” with the letter O in place 2."),
        ("turnover", "12", "Expected at least 1,000.00, found 12.00."),
        ("start", "2026-02-31", "Expected a day of the calendar, found “2026-02-31”."),
        ("start", "tomorrow", "Expected a day such as 24-11-2026, found “tomorrow”."),
        ("start", "23-11-2026", f"Expected 24{N}Nov{N}2026 or later, found 23{N}Nov{N}2026."),
    ],
)
def test_a_refusal_says_what_was_expected_and_found(name, typed, message):
    with translation.override("en"):
        assert Question({**GOOD, name: typed}).errors == {name: [message]}


def test_the_summary_leads_to_each_field():
    form = Question({"name": "x"})
    page = render('<c-errors :form="form" /><c-fields :form="form" />', form=form)
    assert page.one("div", role="alert")["tabindex"] == "-1"
    links = [a["href"].removeprefix("#") for a in page.all("a")]
    assert {"id_frying_0", "id_decision_0"} <= set(links)  # of several choices the first takes the focus
    assert set(links) <= {a.get("id") for tag, a in page.elements if tag in {"input", "select", "textarea"}}
    assert "Nothing was saved." in page.text
    assert not render('<c-errors :form="form" />', form=Question(GOOD)).elements


def test_status_has_a_mark_and_a_word():
    assert render('<c-status kind="run">In force</c-status>').html.strip() == '<span class="st st-run">In force</span>'


def test_money_and_day_are_written_in_the_reader_s_language():
    page = render(
        '<c-money :value="sum" /> <c-day :value="day" :today="today" />',
        sum=Decimal("-5"),
        day=date(2026, 11, 27),
        today=date(2026, 11, 24),
    )
    assert " ".join(page.text.split()) == "−€5.00 27 Nov 2026, in 3 days"
    assert page.one("span", class_="cur")
    assert page.one("time")["datetime"] == "2026-11-27"


@pytest.mark.parametrize(
    ("share", "state", "width"), [("0.7", "due", "33"), ("0.25", "due due-warn", "12"), ("0", "due due-bad", "48")]
)
def test_the_fuse_empties_and_turns(share, state, width):
    page = render(f'<c-fuse share="{share}">soon</c-fuse>')
    assert page.one("span")["class"] == state
    assert page.one("rect", class_="left")["width"] == width
    assert page.one("svg")["aria-hidden"] == "true"


def test_rows_of_lists_show_days_and_promises_as_the_widgets_do():
    context = {
        "on": date(2026, 11, 27),
        "today": date(2026, 11, 24),
        "none": None,
        "share": Decimal("0.2"),
        "text": "<b>",
    }
    for widget, tag in (
        ('<c-day :value="on" />', "{% time_of on %}"),
        ('<c-day :value="on" :today="today" />', "{% time_of on today %}"),
        ('<c-day :value="none" :today="today" />', "{% time_of none today %}"),
        ('<c-fuse :share="share"><c-day :value="on" /></c-fuse>', "{% time_of on as day %}{% fuse share day %}"),
    ):
        assert render(f"{{% load polisdesk %}}{tag}", **context).html == render(widget, **context).html
    escaped = render("{% load polisdesk %}{% fuse share text %}", **context)
    assert escaped.html.endswith("&lt;b&gt;</span>")


def test_a_panel_is_named_by_its_title():
    page = render(
        '<c-panel title="Premium worksheet"><c-slot name="right"><a href="#">Prove it</a></c-slot>text</c-panel>'
    )
    assert page.one("section")["aria-labelledby"] == page.one("h2")["id"]


def test_head_facts_tabs_timeline_versions_sheet():
    page = render(
        """<c-head title="Zilvermeeuw" sub="Shop"><c-slot name="acts"><a href="#">Change</a></c-slot></c-head>
        <c-facts :row="True"><c-fact term="Premium">749.05</c-fact></c-facts>
        <c-tabs :items="tabs" label="Policy" /><c-timeline :items="events" /><c-versions :items="versions" />
        <c-sheet :rows="rows" caption="Premium" />""",
        tabs=[{"title": "Overview", "url": "/o", "current": True}, {"title": "Ledger", "url": "/l", "count": 2}],
        events=[{"text": "Issued", "small": "Robot", "at": datetime(2026, 11, 3, 9, tzinfo=UTC), "hot": True}],
        versions=[
            {
                "number": 1,
                "amount": Decimal("5"),
                "valid_from": date(2026, 1, 1),
                "note": "Issued",
                "url": "/1",
                "current": True,
            }
        ],
        rows=[
            {
                "step": "Stock",
                "on": Decimal(85000),
                "rate": "2.45 ‰",
                "because": "class 3",
                "result": Decimal("208.25"),
            },
            {"step": "Total", "result": Decimal("208.25"), "kind": "total"},
        ],
    )
    assert page.all("h1")
    assert page.one("nav")["aria-label"] == "Policy"
    assert page.one("a", href="/o")["aria-current"] == "page"
    assert page.one("a", href="/1")["aria-current"] == "true"
    assert page.all("tr", class_="total")
    assert len(page.all("th", scope="row")) == 2
    assert {"dl", "dt", "dd", "caption"} <= {tag for tag, _attrs in page.elements}


def test_a_bad_notice_is_an_alert_and_a_toast_can_be_closed():
    assert render('<c-notice kind="bad">Nothing was saved.</c-notice>').one("div", role="alert")
    assert render("<c-toast>Saved.</c-toast>").one("button")["aria-label"] == "Close"


def test_a_dialog_is_named_by_its_question():
    page = render('<c-dialog id="end" title="End 2 policies?">They end.<c-slot name="foot">End</c-slot></c-dialog>')
    assert page.one("dialog")["aria-labelledby"] == page.one("h2")["id"]


def test_an_empty_state_says_what_will_come():
    page = render('<c-empty title="No tender waits for you">New requests appear here.</c-empty>')
    assert "New requests appear here." in page.text


def test_an_icon_alone_has_a_name():
    assert render('<c-icon name="more" label="More" />').one("svg")["aria-label"] == "More"
    assert render('<c-icon name="more" />').one("svg")["aria-hidden"] == "true"


class Filter(forms.Form):
    q = forms.CharField(label="Holder or number", required=False)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "All"), ("run", "In force")])


ROWS = """<c-rows :page="page" label="Policies"><c-slot name="head"><c-sort key="number" :sort="sort">Policy</c-sort>
<c-sort key="open" class="num" :sort="sort">Open</c-sort></c-slot>
<c-slot name="empty"><c-empty title="No policy yet">Later.</c-empty></c-slot>
{% for row in page %}<tr><th scope="row">{{ row }}</th></tr>{% endfor %}</c-rows>"""


def test_rows_sort_and_page_and_keep_the_conditions():
    page = render(ROWS, "?status=run&page=2&sort=number", page=Pages(range(60), 25).page(2), sort="number")
    assert page.one("th", aria_sort="ascending")
    links = [a["href"] for a in page.all("a")]
    assert links == [
        "?status=run&sort=-number",
        "?status=run&sort=open",
        "?status=run&page=1&sort=number",
        "?status=run&page=3&sort=number",
    ]
    assert "26 to 50 of 60" in page.text
    assert page.one("div", role="region")["tabindex"] == "0"


def test_whether_there_is_more_can_be_asked_before_anything_is_counted():
    assert Pages(range(MOST_LISTED + 1)).more and not Pages(range(MOST_LISTED)).more


def test_an_empty_list_and_a_filter_without_result_say_different_things():
    assert "No policy yet" in render(ROWS, page=Pages([], 25).get_page(1)).text
    assert "Nothing meets these conditions" in render(ROWS, "?status=run", page=Pages([], 25).get_page(1)).text


def test_conditions_are_chips_that_can_be_taken_away():
    form = Filter({"q": "zilver", "status": "run"})
    page = render('<c-filter :form="form" />', "?q=zilver&status=run&page=3", form=form)
    assert '<span class="print-only">' in page.html and "<b>zilver</b>" in page.html  # a printed list says what it is
    chip = page.one("a", class_="chip chip-on")
    assert chip["href"] == "?q=zilver"
    assert chip["aria-label"] == "Take away: Status In force"
    assert page.one("input", type="search")["value"] == "zilver"


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_stand_without_a_request(name):
    html = engines["django"].get_template(f"{name}.html").render({})
    page = Page(html)
    assert page.one("html")["lang"]
    assert len(page.all("h1")) == 1
    assert "style" not in {key for _tag, attrs in page.elements for key in attrs}


@pytest.mark.parametrize("base", ["base_office.html", "base_front.html", "base_account.html"])
def test_shells_have_landmarks_language_and_no_inline_script(base):
    class Company:
        name, is_rehearsal = "Duinhaven", True

    page = render(
        f"{{% extends '{base}' %}}{{% block title %}}Things{{% endblock %}}",
        company=Company(),
        business_day=date(2026, 11, 24),
        actor_name="Maud Terwiel",
        navigation=[
            {"title": "Business", "items": [{"title": "Policies", "url": "/p/", "icon": "policy", "current": True}]}
        ],
    )
    assert page.one("html")["lang"] == "en"
    assert page.one("main")["id"] == "main"
    assert page.all("title")
    assert all("src" in a or a.get("type") == "application/json" for a in page.all("script"))
    assert "Things · " in page.text
    if base != "base_account.html":
        assert "Rehearsal." in page.text


@pytest.mark.parametrize(
    ("language", "title", "told"),
    [("en", "Relations", "relations"), ("nl", "Relaties", "relaties"), ("de", "Partner", "Partner")],
)
def test_a_title_within_a_sentence_is_small_except_in_german(language, title, told):
    template = engines["django"].from_string("{% load polisdesk %}{{ title|within_a_sentence }}")
    with translation.override(language):
        assert template.render({"title": title}) == told


def test_what_is_missing_or_too_long_is_refused_in_our_words():
    form = Upload({"name": "four"}, MultiValueDict())
    assert form.errors["proof"] == ["Expected a file here, found none."]
    assert form.errors["name"] == ["Expected at most 3 characters, found 4."]
