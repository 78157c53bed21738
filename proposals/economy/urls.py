from django.urls import path

from proposals.economy import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path(f"{PROPOSAL}afsnit/oekonomi/", views.EconomyPage.as_view(), name="economy"),
    path(f"{PROPOSAL}afsnit/oekonomi/summer/", views.EconomySums.as_view(), name="economy_sums"),
]
