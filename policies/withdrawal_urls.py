"""The withdrawal function, beside the quotation behind the same secret."""

from django.urls import re_path

from policies import withdrawal_views
from quotations.urls import MINE

app_name = "withdrawal"
urlpatterns = [re_path(MINE + r"withdraw/$", withdrawal_views.WithdrawView.as_view(), name="withdraw")]
