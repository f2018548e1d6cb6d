"""Mail pages of a demo."""

from django.urls import path, re_path

from portal.views import demo

app_name = "demo"
ONE = r"^(?P<name>[0-9A-Za-z][0-9A-Za-z.-]{0,120})/"
urlpatterns = [
    path("", demo.mails, name="mails"),
    re_path(ONE + "$", demo.mail, name="mail"),
    re_path(ONE + r"(?P<place>[0-9]{1,3})/$", demo.attachment, name="attachment"),
]
