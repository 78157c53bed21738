from django.urls import path

from review.secretariat_desk import views

urlpatterns = [
    path("sekretariat/", views.Desk.as_view(), name="secretariat"),
    path("sekretariat/uden-dgo/", views.WithoutDesk.as_view(), name="without_desk"),
]
