"""What a form takes can be worked with: an address gets its mail, a day has a month before and after it."""

from email.headerregistry import Address

import pytest
from django.core.exceptions import ValidationError

from common.forms import DayField, MailField

OURS = {"invalid": "Expected an e-mail address."}
NONE = ['"\x01"@b.example', '"a\\\tb"@b.example', '"\x7f"@b.example', "a\x00@b.example", "a\nb@b.example", "a@b"]


@pytest.mark.parametrize("address", NONE)
def test_an_address_to_which_no_mail_can_be_sent_is_refused_in_the_fields_own_words(address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MailField(error_messages=OURS).clean(address)
    assert refused.value.messages[0] == OURS["invalid"]


@pytest.mark.parametrize("address", ["sanne@b.example", '"a,b"@b.example', "o'neil+x@b.example", '"{link}"@b.example'])
def test_an_address_that_is_taken_can_stand_in_a_mail(address: str) -> None:
    assert Address(addr_spec=MailField().clean(f" {address} ")).domain == "b.example"


def test_where_none_is_needed_none_is_asked() -> None:
    assert MailField(required=False).clean("") == ""


@pytest.mark.parametrize("day", ["9999-12-31", "31-12-9999", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_refused(day: str) -> None:
    with pytest.raises(ValidationError, match=r"Expected .+ or (later|earlier), found"):
        DayField().clean(day)
