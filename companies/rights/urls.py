"""The pages on rights, behind `<company>/office/admin/rights/`."""

from django.urls import path

from companies.rights.pages import matrix, people, protocols, review

app_name = "rights"
urlpatterns = [
    path("", protocols.ProtocolListView.as_view(), name="list"),
    path("new/", protocols.NewProtocolView.as_view(), name="new"),
    path("protocols/<uuid:public_id>/", protocols.ProtocolView.as_view(), name="protocol"),
    path("protocols/<uuid:public_id>/retire/", protocols.RetireView.as_view(), name="retire"),
    path("matrix/", matrix.MatrixView.as_view(), name="matrix"),
    path("employees/<uuid:public_id>/", people.HolderView.as_view(), name="employee"),
    path("employees/<uuid:public_id>/why/", people.WhyView.as_view(), name="why"),
    path("page/", matrix.PageRightsView.as_view(), name="page"),
    path("unused/", review.UnusedView.as_view(), name="unused"),
    path("confirm/", review.ConfirmView.as_view(), name="confirm"),
]
