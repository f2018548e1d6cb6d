from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [path("<uuid:public_id>/", views.PaperView.as_view(), name="paper")]
