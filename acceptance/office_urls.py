from django.urls import path

from acceptance import figures, office

app_name = "acceptance"
urlpatterns = [
    path("", office.WaitingListView.as_view(), name="list"),
    path("figures/", figures.RuleFiguresView.as_view(), name="figures"),
    path("special/", office.SpecialListView.as_view(), name="special"),
    path("reviews/", office.ReviewListView.as_view(), name="reviews"),
    path("<slug:number>/take/", office.TakeView.as_view(), name="take"),
    path("<slug:number>/give-back/", office.GiveBackView.as_view(), name="give_back"),
]
