from django.urls import path

from proposals.participants import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path(f"{PROPOSAL}afsnit/deltagere/", views.ParticipantsPage.as_view(), name="participants"),
    path(
        f"{PROPOSAL}afsnit/deltagere/soeg/",
        views.ParticipantSearch.as_view(),
        name="participant_search",
    ),
]
