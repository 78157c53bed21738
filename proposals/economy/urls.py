from django.urls import path

from proposals.drafting.autosave import Autosave
from proposals.economy import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path(f"{PROPOSAL}afsnit/oekonomi/", views.EconomyPage.as_view(), name="economy"),
    path(
        f"{PROPOSAL}afsnit/oekonomi/gem/",
        Autosave.as_view(section_page=views.EconomyPage),
        name="autosave_economy",
    ),
    path(f"{PROPOSAL}afsnit/oekonomi/summer/", views.EconomySums.as_view(), name="economy_sums"),
    path(f"{PROPOSAL}afsnit/oekonomi/aar-for-aar/", views.Grid.as_view(), name="economy_grid"),
    path(
        f"{PROPOSAL}afsnit/oekonomi/aar-for-aar/summer/",
        views.GridSums.as_view(),
        name="economy_grid_sums",
    ),
]
