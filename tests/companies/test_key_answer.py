"""What stands for a security key's answer is read as such, or refused."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from companies.factors.forms import AddKeyForm, FreshKeyForm, KeyAnswer, LoginKeyForm


def test_an_answer_is_read() -> None:
    assert KeyAnswer().clean('{"id": "a"}') == {"id": "a"}


@pytest.mark.parametrize("sent", ["9" * 5000, "[" * 100_000, "{", "", "null"])
def test_what_is_no_answer_is_refused(sent: str) -> None:
    with pytest.raises(ValidationError):
        KeyAnswer().clean(sent)


@pytest.mark.parametrize("form", [AddKeyForm, LoginKeyForm, FreshKeyForm])
def test_each_form_that_takes_a_key_reads_it_so(form: type) -> None:
    assert isinstance(form.base_fields["credential"], KeyAnswer)  # type: ignore[attr-defined]


@pytest.mark.parametrize("sent", ["9" * 5000, "[" * 100_000, '{"id": "a"}'])
def test_a_form_that_is_shown_again_holds_no_answer(sent: str) -> None:
    form = forms.Form({"credential": sent})
    form.fields["credential"] = KeyAnswer()
    assert 'name="credential"' in str(form["credential"]) and " value" not in str(form["credential"])
