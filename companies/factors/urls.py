from django.urls import path

from companies.factors import office

app_name = "factors"
urlpatterns = [
    path("", office.FactorsView.as_view(), name="list"),
    path("<uuid:member>/reset/", office.ResetView.as_view(), name="reset"),
]
