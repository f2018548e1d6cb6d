from django.urls import path

from quotations import office

app_name = "quotations"
urlpatterns = [path("", office.QuotationListView.as_view(), name="list")]
