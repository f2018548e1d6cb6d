"""The pages of allauth that we use: log in and out, password, second factor. Nobody signs up: no page for it."""

from allauth.account import views
from django.urls import include, path, re_path

from companies.fresh import go_on
from companies.people import accept, account

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("go-on/", go_on, name="account_go_on"),
    path("invitation/<slug:secret>/", accept.invitation, name="account_invitation"),
    path("sessions/", account.sessions, name="account_sessions"),
    path("profile/", account.profile, name="account_profile"),
    path("", include("allauth.mfa.urls")),
]
