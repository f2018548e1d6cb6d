"""What every process opens: start, accounts, language, health, and in a demo its mail."""

from django.conf import settings
from django.urls import include, path

from portal.views import demo, entrance

urlpatterns = [
    path("", entrance.home, name="home"),
    path("accounts/", include("config.urls.accounts")),
    path("language/", entrance.set_language, name="set_language"),
    path("language/<slug:code>/", entrance.language, name="language"),
    path("health/", entrance.health, name="health"),
]
if settings.DEMO and settings.MAILBOX is not None:
    urlpatterns += [
        path("demo/mail/", include("portal.demo_urls")),
        path("demo/codes/", demo.codes, name="demo_codes"),
    ]
