from django.urls import path

from proposals.drafting import pages, views
from proposals.drafting.autosave import Autosave

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path("forslag/nyt/", views.NewProposal.as_view(), name="new"),
    path(
        "forslag/nyt/organisationer/",
        views.OrganizationChoices.as_view(),
        name="organization_choices",
    ),
    path(f"{PROPOSAL}afsnit/", views.Tasks.as_view(), name="tasks"),
    path(f"{PROPOSAL}afsnit/<slug:slug>/", pages.SectionPage.as_view(), name="section"),
    path(f"{PROPOSAL}afsnit/<slug:slug>/gem/", Autosave.as_view(), name="autosave"),
    path(f"{PROPOSAL}sparring/ordlyd/<int:pk>/", views.TakeWording.as_view(), name="take_wording"),
    path(f"{PROPOSAL}dgo/", views.ChangeDgo.as_view(), name="change_dgo"),
    path(f"{PROPOSAL}medlaesere/", views.CoReaders.as_view(), name="co_readers"),
    path(
        f"{PROPOSAL}medlaesere/<int:pk>/fjern/",
        views.RemoveCoReader.as_view(),
        name="remove_co_reader",
    ),
    path("administration/registrer/", views.Register.as_view(), name="register"),
]
