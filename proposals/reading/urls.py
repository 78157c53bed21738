from django.urls import path, register_converter

from proposals.reading import views
from proposals.reading.pages import NOW, READ


class SideOfComparison:
    """A text of a proposal: a version by its number, the live one, or what the reader read last."""

    regex = f"[0-9]{{1,9}}|{NOW}|{READ}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(SideOfComparison, "side")

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path("eksempel/", views.Example.as_view(), name="example"),
    path("spor/", views.Tracks.as_view(), name="tracks"),
    path(f"{PROPOSAL}versioner/<int:version>/", views.VersionPage.as_view(), name="version"),
    path(f"{PROPOSAL}versioner/<int:version>/pdf/", views.VersionPdf.as_view(), name="version_pdf"),
    path(
        f"{PROPOSAL}sammenlign/<side:first>/<side:second>/", views.Compare.as_view(), name="compare"
    ),
    path(f"{PROPOSAL}sammenlign/nu/", views.ChangedSince.as_view(), name="changed_since"),
    path(f"{PROPOSAL}laest/", views.MarkAsRead.as_view(), name="mark_as_read"),
    path(f"{PROPOSAL}laest/fortryd/", views.GoBack.as_view(), name="go_back"),
    path(f"{PROPOSAL}svar/<slug:name>/", views.AnswerHistory.as_view(), name="answer_history"),
    path(f"{PROPOSAL}svar/<slug:name>/<int:pk>/", views.BringBack.as_view(), name="bring_back"),
    path(f"{PROPOSAL}bilag/<int:pk>/", views.AttachmentFile.as_view(), name="attachment"),
]
