from django.urls import path

from proposals.drafting.autosave import Autosave
from proposals.participants import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path(f"{PROPOSAL}afsnit/deltagere/", views.ParticipantsPage.as_view(), name="participants"),
    path(
        f"{PROPOSAL}afsnit/deltagere/gem/",
        Autosave.as_view(section_page=views.ParticipantsPage),
        name="autosave_participants",
    ),
    path(
        f"{PROPOSAL}afsnit/deltagere/liste/",
        views.ParticipantList.as_view(),
        name="participant_list",
    ),
    path(
        f"{PROPOSAL}afsnit/deltagere/soeg/",
        views.ParticipantSearch.as_view(),
        name="participant_search",
    ),
]
