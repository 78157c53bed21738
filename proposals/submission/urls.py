from django.urls import path

from proposals.submission import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path(f"{PROPOSAL}tjek/", views.Check.as_view(), name="check"),
    path(f"{PROPOSAL}indsend/", views.Submit.as_view(), name="submit"),
    path(f"{PROPOSAL}kvittering/<int:version>/", views.Receipt.as_view(), name="receipt"),
    path(f"{PROPOSAL}traek-tilbage/", views.Withdraw.as_view(), name="withdraw"),
    path(f"{PROPOSAL}tag-tilbage/", views.TakeBack.as_view(), name="take_back"),
    path(f"{PROPOSAL}flyt/", views.MoveRound.as_view(), name="move_round"),
]
