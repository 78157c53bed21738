from django.urls import path

from review.dgo_desk import views

urlpatterns = [
    path("kvalificering/", views.Desk.as_view(), name="dgo_desk"),
]
