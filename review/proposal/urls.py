from django.urls import path

from review.proposal import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path(PROPOSAL, views.Overview.as_view(), name="proposal"),
    path(f"{PROPOSAL}indhold/", views.Contents.as_view(), name="content"),
    path(f"{PROPOSAL}sparring/", views.Sparring.as_view(), name="sparring"),
    path(f"{PROPOSAL}versioner/", views.Versions.as_view(), name="versions"),
    path(f"{PROPOSAL}forloeb/", views.History.as_view(), name="history"),
]
