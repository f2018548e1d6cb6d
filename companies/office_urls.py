"""Module Admin, behind `<company>/office/admin/`."""

from django.urls import path

from companies.people.company import CompanyView
from companies.people.employees import EmployeeListView, EmployeeView
from companies.people.invitations import InvitationsView
from companies.people.modules import ModulesView
from companies.people.presence import PresenceView

app_name = "admin"
urlpatterns = [
    path("", EmployeeListView.as_view(), name="employees"),
    path("employees/<uuid:member>/", EmployeeView.as_view(), name="employee"),
    path("invitations/", InvitationsView.as_view(), name="invitations"),
    path("sessions/", PresenceView.as_view(), name="presence"),
    path("company/", CompanyView.as_view(), name="company"),
    path("modules/", ModulesView.as_view(), name="modules"),
]
