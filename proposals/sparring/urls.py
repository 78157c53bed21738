from django.urls import path

from proposals.sparring import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path("dgo/", views.Dgos.as_view(), name="dgos"),
    path(f"{PROPOSAL}sparring/aabn/", views.OpenSparring.as_view(), name="open_sparring"),
    path(f"{PROPOSAL}sparring/luk/", views.CloseSparring.as_view(), name="close_sparring"),
    path(f"{PROPOSAL}sparring/kommentar/", views.Comment.as_view(), name="comment"),
    path(f"{PROPOSAL}sparring/svar/<int:pk>/", views.Answer.as_view(), name="answer"),
    path(f"{PROPOSAL}sparring/afslut/<int:pk>/", views.Resolve.as_view(), name="resolve"),
    path(f"{PROPOSAL}sparring/genaabn/<int:pk>/", views.Reopen.as_view(), name="reopen"),
    path(f"{PROPOSAL}sparring/aendret/<int:pk>/", views.ReportDone.as_view(), name="report_done"),
    path(f"{PROPOSAL}sparring/ret/<int:pk>/", views.Edit.as_view(), name="edit"),
]
