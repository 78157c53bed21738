from django.urls import path

from proposals.neighbours import views

urlpatterns = [
    path("forslag/<number:number>/naboer/", views.NeighboursPage.as_view(), name="neighbours"),
]
