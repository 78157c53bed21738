from django.urls import path

from proposals.reading import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path("eksempel/", views.Example.as_view(), name="example"),
    path("spor/", views.Tracks.as_view(), name="tracks"),
    path(f"{PROPOSAL}versioner/<int:version>/", views.VersionPage.as_view(), name="version"),
    path(f"{PROPOSAL}versioner/<int:version>/pdf/", views.VersionPdf.as_view(), name="version_pdf"),
    path(
        f"{PROPOSAL}sammenlign/<int:first>/<int:second>/", views.Compare.as_view(), name="compare"
    ),
    path(f"{PROPOSAL}sammenlign/nu/", views.ChangedSince.as_view(), name="changed_since"),
    path(f"{PROPOSAL}bilag/<int:pk>/", views.AttachmentFile.as_view(), name="attachment"),
]
