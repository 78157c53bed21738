from django.urls import path

from review.track import views

FUNDERS = "sekretariat/bidragydere/<number:number>/"

urlpatterns = [
    path("bevillinger/", views.Funding.as_view(), name="funding"),
    path("bevillinger/<int:pk>/", views.Consent.as_view(), name="consent"),
    path(FUNDERS, views.Consents.as_view(), name="consents"),
    path(f"{FUNDERS}svar/<int:pk>/", views.Enter.as_view(), name="enter"),
    path(f"{FUNDERS}dokument/<int:pk>/", views.Document.as_view(), name="document"),
    path(f"{FUNDERS}igangsaet/", views.Launch.as_view(), name="launch"),
    path(f"{FUNDERS}bortfald/", views.Lapse.as_view(), name="lapse"),
    path(f"{FUNDERS}indstil-igen/", views.Retable.as_view(), name="retable"),
    path(f"{FUNDERS}afslut/", views.CompleteTrack.as_view(), name="complete"),
    path(f"{FUNDERS}afbryd/", views.Discontinue.as_view(), name="discontinue"),
]
